"""Rolling-origin evaluation: what the weekly model would have been worth, week after week.

The data's way through the modules::

    material ─ origins ─ fit ─ predictions ─ figures ─ store, page
"""
