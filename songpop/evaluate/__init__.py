"""How good a model is beside simpler ones: measures, baselines, slices, clustered intervals.

The data's way through the modules::

    facts ─ slices ──────────────┐
    baselines ─ probabilities ─ measures ─ report
                     └ clusters ─ paired differences with intervals
"""
