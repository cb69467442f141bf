"""Exports of the platforms themselves: what each song, artist and sale did, beside the feeds.

A declarative file a format (``formats/platforms``) says how a file is recognised by its header and
what its columns mean. Every row ends as loaded, duplicate or quarantined. Days are summed to whole
weeks, sales to months; songs are one song where their ISRC or their written name says so, and where
that is doubtful the pair is listed for a person.
"""
