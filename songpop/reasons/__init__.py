"""Reasons in words: where a track stands on the feature that moved its score.

The data's way through the modules::

    features ─ cohort (age groups, bounded sample) ─ quantiles ─┐
    a score's reasons (sources, leading inputs) ────────────── standing ─ words
                                                   phrases (kinds, labels) ┘

``words.add_words`` is the way in; the rest is what it is made of.
"""
