"""Mutation tests: each small fault put into the code must be noticed by a test."""
