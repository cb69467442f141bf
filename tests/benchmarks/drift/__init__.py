"""Drift benchmark: songpop's detectors and two well-known tools on the same simulated weeks."""
