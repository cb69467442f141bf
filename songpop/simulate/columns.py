"""The columns of a simulated export: the headers of the real one, in its order.

The list is closed: what a fault may name, and what is written, comes from here. The meaning of each
column (kind, unit) stands in ``songpop/formats/chartmetric.toml``, which a test holds against it.
"""

from typing import Final

TITLE: Final = "Track"
ALBUM: Final = "Album Name"
ARTIST: Final = "Artist"
RELEASE_DATE: Final = "Release Date"
ISRC: Final = "ISRC"
TIDAL_POPULARITY: Final = "TIDAL Popularity"
EXPLICIT: Final = "Explicit Track"

ALL_TIME_RANK: Final = "All Time Rank"
TRACK_SCORE: Final = "Track Score"

COUNTERS: Final = (
    "Spotify Streams",
    "YouTube Views",
    "YouTube Likes",
    "TikTok Posts",
    "TikTok Likes",
    "TikTok Views",
    "AirPlay Spins",
    "SiriusXM Spins",
    "Pandora Streams",
    "Pandora Track Stations",
    "Soundcloud Streams",
    "Shazam Counts",
)
"""Totals since release: they never fall."""

METRICS: Final = (
    "Spotify Streams",
    "Spotify Playlist Count",
    "Spotify Playlist Reach",
    "Spotify Popularity",
    "YouTube Views",
    "YouTube Likes",
    "TikTok Posts",
    "TikTok Likes",
    "TikTok Views",
    "YouTube Playlist Reach",
    "Apple Music Playlist Count",
    "AirPlay Spins",
    "SiriusXM Spins",
    "Deezer Playlist Count",
    "Deezer Playlist Reach",
    "Amazon Playlist Count",
    "Pandora Streams",
    "Pandora Track Stations",
    "Soundcloud Streams",
    "Shazam Counts",
)
"""What the platforms count: counters, and levels that may fall."""

NUMBERS: Final = (ALL_TIME_RANK, TRACK_SCORE, *METRICS)
"""The columns that hold a number: the rows of a values matrix, and what a fault may name."""

HEADERS: Final = (
    TITLE,
    ALBUM,
    ARTIST,
    RELEASE_DATE,
    ISRC,
    *NUMBERS,
    TIDAL_POPULARITY,
    EXPLICIT,
)
"""The 29 headers of the real export, in file order."""

METRICS_FROM: Final = NUMBERS.index(METRICS[0])
"""Where the metrics start among the rows of a values matrix."""
