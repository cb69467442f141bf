"""The weekly page: what a published week says, for artists and those who work for them.

The data's way through the modules::

    snapshot ─ read ─ facts ─┬─ words, trust, quality ──┐
                             ├─ tracks, setlists, spark ┼─ page ─┐
                             └─ plot ───────────────────┘        ├─ write
    snapshot ─ read ─────────────────────────────────── index ───┘

``write`` is the way in. Nothing is computed here that the published tables do not say.
"""
