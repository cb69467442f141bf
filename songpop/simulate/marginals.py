"""What a real export looks like, as a few fitted constants; no row of it is stored.

Everything here was measured once on one real snapshot (4,600 tracks, week 2024-06-15):

- ages: a maximum-likelihood mixture of two geometric distributions in weeks;
- a metric's natural logarithm: ``slope * log(age_days + 7)``, fitted by least squares, plus a
  remainder whose quantiles at ``KNOT_SCORES`` are ``knots``. A counter's slope is held within
  0.35 to 0.95, so that its weekly increments decay with age;
- the remainders' correlations: loadings on five factors (principal axes of the pairwise
  normal-score correlations, varimax rotation), within 0.15 of each of them;
- absence: a probit in ``log(age_days + 7)``;
- Track Score: non-negative least squares (weights 1 / score) on each metric divided by
  ``age_days + 7``, absent metrics counting as 0, which orders the real tracks with Spearman 0.96;
- Track Score by rank: ``SCORE_BY_RANK``, a power law with exponents between -0.35 and -0.6.
"""

from typing import Final, NamedTuple

from songpop.simulate.columns import COUNTERS

FACTORS_COUNT: Final = 5

AGE_OFFSET_DAYS: Final = 7.0
"""Added to an age before its logarithm, so that the first week is no pole."""

AGE_MEANS_WEEKS: Final = (47.0, 200.0)
AGE_SHARES: Final = (0.148, 0.852)
"""The age in whole weeks is geometric with one of these means, in these shares."""

RELEASE_DAYS_BEFORE_WEEK: Final = (1, 2, 3, 4, 5, 6, 7)
RELEASE_DAY_SHARES: Final = (0.18, 0.095, 0.08, 0.055, 0.03, 0.035, 0.525)
"""Days from release to the Friday that ends its week: more than half come out on a Friday."""

EXPLICIT_SHARE: Final = 0.36

KNOT_SCORES: Final = (-3.1, -2.33, -1.64, -1.28, -0.67, 0.0, 0.67, 1.28, 1.64, 2.33, 3.1)

SCORE_CONSTANT: Final = 3.86
"""What a track without any metric has, in points of Track Score."""

SCORE_BY_RANK: Final = (
    (0.0002174, 725.4),
    (0.0006522, 538.4),
    (0.002174, 330.6),
    (0.006522, 256.0),
    (0.02174, 152.5),
    (0.06522, 87.7),
    (0.2174, 48.2),
    (0.4348, 32.3),
    (0.6522, 25.5),
    (0.8696, 21.4),
    (1.0, 19.4),
)
"""(rank / tracks, Track Score): straight lines between them on log-log axes."""

SCORE_HEAD_EXPONENT: Final = -0.35
"""The power law above the first of them, for exports larger than the real one."""


class Absence(NamedTuple):
    """Where a metric is absent: probit(offset + slope * log(age_days + 7)).

    Metrics of one group go missing together.
    """

    group: str
    offset: float
    slope: float


class ColumnFit(NamedTuple):
    """One metric's marginal, correlations, absence and weight in Track Score."""

    header: str
    slope: float
    knots: tuple[float, ...]
    loadings: tuple[float, ...]
    absence: Absence
    points: float

    @property
    def is_counter(self) -> bool:
        """Whether the metric is a total since release."""
        return self.header in COUNTERS


FITS: Final = (
    ColumnFit(
        header="Spotify Streams",
        slope=0.82,
        knots=(1.77, 4.23, 9.99, 11.93, 13.27, 13.84, 14.41, 14.99, 15.41, 16.42, 17.95),
        loadings=(0.28, 0.31, 0.17, 0.13, 0.65),
        absence=Absence("spotify", -1.28, -0.11),
        points=5.84e-06,
    ),
    ColumnFit(
        header="Spotify Playlist Count",
        slope=1.10,
        knots=(-7.57, -5.95, -2.63, 0.10, 2.31, 3.07, 3.62, 4.07, 4.38, 5.10, 5.65),
        loadings=(0.18, 0.02, -0.11, 0.13, 0.88),
        absence=Absence("lists", -1.13, -0.17),
        points=0.178,
    ),
    ColumnFit(
        header="Spotify Playlist Reach",
        slope=0.46,
        knots=(-2.32, 0.11, 6.24, 10.04, 12.47, 13.33, 14.07, 14.85, 15.37, 16.47, 17.42),
        loadings=(0.49, 0.01, 0.01, 0.03, 0.77),
        absence=Absence("lists", -1.10, -0.17),
        points=1.98e-06,
    ),
    ColumnFit(
        header="Spotify Popularity",
        slope=0.05,
        knots=(-0.30, 0.48, 2.80, 3.54, 3.79, 3.88, 3.97, 4.07, 4.13, 4.24, 4.35),
        loadings=(0.16, -0.01, 0.15, 0.03, 0.76),
        absence=Absence("popularity", 2.15, -0.50),
        points=0.75,
    ),
    ColumnFit(
        header="YouTube Views",
        slope=0.95,
        knots=(4.12, 6.91, 9.94, 10.68, 11.66, 12.61, 13.29, 13.83, 14.12, 14.77, 15.58),
        loadings=(0.08, 0.08, 0.98, -0.01, -0.06),
        absence=Absence("youtube", 0.50, -0.33),
        points=3.82e-05,
    ),
    ColumnFit(
        header="YouTube Likes",
        slope=0.87,
        knots=(0.55, 3.14, 6.01, 6.74, 7.63, 8.32, 8.97, 9.58, 9.93, 10.84, 11.42),
        loadings=(0.05, 0.07, 0.87, 0.11, 0.13),
        absence=Absence("youtube", 0.50, -0.33),
        points=5.95e-05,
    ),
    ColumnFit(
        header="TikTok Posts",
        slope=0.60,
        knots=(-3.39, 0.00, 3.30, 4.77, 6.34, 7.83, 9.39, 10.61, 11.10, 11.98, 13.04),
        loadings=(0.07, 0.04, 0.05, 0.84, -0.10),
        absence=Absence("tiktok", 3.70, -0.70),
        points=0.00553,
    ),
    ColumnFit(
        header="TikTok Likes",
        slope=0.84,
        knots=(-2.81, 1.46, 6.27, 8.14, 9.77, 11.16, 12.54, 13.63, 14.19, 15.23, 16.03),
        loadings=(0.00, -0.01, 0.03, 0.98, 0.15),
        absence=Absence("tiktok", 3.01, -0.62),
        points=0,
    ),
    ColumnFit(
        header="TikTok Views",
        slope=0.77,
        knots=(1.01, 4.52, 9.13, 11.03, 12.55, 13.96, 15.37, 16.41, 16.99, 18.09, 19.11),
        loadings=(0.06, -0.03, 0.02, 0.99, 0.08),
        absence=Absence("tiktok", 3.01, -0.62),
        points=0,
    ),
    ColumnFit(
        header="YouTube Playlist Reach",
        slope=0.08,
        knots=(1.94, 5.89, 10.83, 13.18, 15.72, 17.84, 18.98, 20.21, 20.73, 21.33, 21.89),
        loadings=(0.35, 0.13, 0.39, 0.07, 0.08),
        absence=Absence("youtube_lists", 1.52, -0.37),
        points=0,
    ),
    ColumnFit(
        header="Apple Music Playlist Count",
        slope=0.43,
        knots=(-3.42, -2.80, -1.94, -1.26, -0.31, 0.56, 1.30, 1.91, 2.27, 2.95, 3.88),
        loadings=(0.63, 0.30, 0.06, 0.05, 0.46),
        absence=Absence("apple", -0.16, -0.16),
        points=0.744,
    ),
    ColumnFit(
        header="AirPlay Spins",
        slope=0.81,
        knots=(-6.06, -5.04, -3.15, -1.67, 1.11, 3.32, 5.10, 6.57, 7.06, 8.07, 8.77),
        loadings=(0.62, 0.22, -0.06, 0.09, 0.27),
        absence=Absence("airplay", 0.15, -0.22),
        points=0.0398,
    ),
    ColumnFit(
        header="SiriusXM Spins",
        slope=0.35,
        knots=(-2.87, -2.30, -1.10, -0.48, 0.79, 1.99, 3.08, 4.12, 4.65, 5.60, 6.56),
        loadings=(0.27, 0.16, 0.02, 0.25, 0.17),
        absence=Absence("siriusxm", 1.76, -0.29),
        points=0,
    ),
    ColumnFit(
        header="Deezer Playlist Count",
        slope=0.37,
        knots=(-3.01, -2.66, -2.15, -1.64, -0.69, 0.30, 1.09, 1.80, 2.20, 3.07, 3.61),
        loadings=(0.76, 0.11, 0.15, 0.04, 0.36),
        absence=Absence("deezer", 0.56, -0.22),
        points=0,
    ),
    ColumnFit(
        header="Deezer Playlist Reach",
        slope=-0.25,
        knots=(3.87, 6.81, 9.33, 10.60, 12.54, 14.03, 15.36, 16.42, 17.11, 18.00, 18.72),
        loadings=(0.65, 0.06, 0.19, 0.03, 0.32),
        absence=Absence("deezer", 0.56, -0.22),
        points=1.26e-05,
    ),
    ColumnFit(
        header="Amazon Playlist Count",
        slope=0.04,
        knots=(-0.36, -0.32, 0.37, 0.81, 1.77, 2.55, 3.24, 3.75, 4.07, 4.55, 4.95),
        loadings=(0.62, 0.23, 0.11, 0.09, 0.32),
        absence=Absence("amazon", 0.33, -0.17),
        points=0.292,
    ),
    ColumnFit(
        header="Pandora Streams",
        slope=0.95,
        knots=(-3.35, 0.72, 4.05, 5.90, 8.15, 10.15, 11.44, 12.15, 12.45, 13.10, 14.57),
        loadings=(0.19, 0.89, 0.03, -0.08, 0.08),
        absence=Absence("pandora", 0.43, -0.18),
        points=3.05e-05,
    ),
    ColumnFit(
        header="Pandora Track Stations",
        slope=0.95,
        knots=(-4.37, -2.56, -0.65, 0.09, 1.38, 2.65, 3.91, 4.92, 5.53, 6.44, 7.46),
        loadings=(0.07, 0.91, 0.13, 0.04, 0.03),
        absence=Absence("pandora", 0.67, -0.20),
        points=0,
    ),
    ColumnFit(
        header="Soundcloud Streams",
        slope=0.90,
        knots=(-0.65, 2.44, 5.31, 6.21, 7.97, 9.28, 10.32, 11.05, 11.46, 12.05, 12.48),
        loadings=(-0.26, 0.19, -0.06, 0.04, 0.28),
        absence=Absence("soundcloud", 0.47, 0.02),
        points=0.0004,
    ),
    ColumnFit(
        header="Shazam Counts",
        slope=0.93,
        knots=(-5.48, -0.81, 4.53, 5.74, 6.82, 7.56, 8.29, 8.96, 9.32, 10.36, 11.66),
        loadings=(0.45, 0.31, 0.02, 0.20, 0.51),
        absence=Absence("shazam", -0.61, -0.08),
        points=0.000607,
    ),
)
"""One fit a metric, in the order of ``columns.METRICS``."""
