"""Prefect flows: schedules, retries and artifacts around the library's steps."""
