"""The weekly page: what a published week says, for artists and those who work for them.

The data's way through the modules::

    snapshot ─ read ─ facts ─┬─ words, trust, quality ──┐
                             ├─ tracks, setlists, spark ┼─ page ─┐
                             └─ plot ───────────────────┘        ├─ write
    snapshot ─ read ─────────────────────────────────── index ───┘

``write`` is the way in; ``audit`` tells pages that are missing or untrue; ``outcomes`` averages
what became of the scores. Nothing is computed here that the published tables do not say.
"""
