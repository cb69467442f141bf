"""From the published snapshot to CSV that a spreadsheet opens without running any of it.

``tables`` chooses what is exported, ``cells`` makes its text harmless, ``csv`` writes it.
"""
