"""Drift: what a week looks like, how far it is from others, and what follows from that.

A week is reduced to a profile once (``profile``); every comparison is one of profiles, so a quiet
week costs the same after a year as after a month. ``plausibility`` keeps damaged weeks out before
they are loaded, ``columns``, ``joint`` and ``performance`` give verdicts, ``policy`` decides from
stored verdicts alone, ``words`` tells people.
"""
