"""Ingest: from a file in the landing folder to typed, accounted rows."""
