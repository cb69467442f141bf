"""Evidently and NannyML, in an environment of their own."""
