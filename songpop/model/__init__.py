"""Models: what turns features into a calibrated score, an interval and reasons.

The data's way through the modules::

    features ─ inputs ─ forward ─ calibration ─ score
                   │        │         └ conformal ─ outcome_low, outcome_high
                   └ explain ─ reasons

``train`` fits all of it (``network`` with Keras, ``logistic`` with scikit-learn) and returns a
``Candidate``; ``artefact`` keeps one on disk; ``scorer`` needs numpy and polars alone.
"""
