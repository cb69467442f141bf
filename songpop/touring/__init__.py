"""Set lists: which songs of an artist to play, in which role, and why.

``facets`` declares what each metric of a format stands for; the places and roles themselves are
views, ``mart.artist_songs`` → ``mart.song_components`` → ``mart.tour_candidates``; ``setlist``
reads the last for one artist.
"""
