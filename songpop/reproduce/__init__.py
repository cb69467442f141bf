"""The published table, with and without its leak (DESIGN, Why the obvious version is wrong)."""
