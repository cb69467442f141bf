"""Faults at every step of a run, after which the next run must come to what none would have."""
