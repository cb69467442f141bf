"""Which features a column gives, by its kind alone: an allow-list, so a new format needs no code.

Text, keys, weeks, line numbers and the order of rows are no kind's input and never become
features. Every expression reads the working columns of one part of a week, which
``songpop.features.build`` lays out: ``<metric>@<k>`` is log(1 + value) k weeks ago,
``<metric>@total`` log(1 + the week's total), and the constants below name the rest. The season is
the place of the week's last day on the circle of the year. A format with regions also has what
its other feeds said of a track in the weeks before (``songpop.features.sisters``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from songpop.formats.spec import ColumnSpec, FormatSpec

LAGS_WEEKS: Final = (1, 2, 4, 13, 52)
"""Look-back of the changes; at most 13, and 52, by DESIGN (Time order everywhere)."""
AGE_STEPS_DAYS: Final = (28, 91, 365, 1825)
"""Upper ends of the age steps: four weeks, a quarter, a year, five years."""

AGE_DAYS: Final = "age_days"
AGE_LOG: Final = "age_days@log"
WEEKS_SINCE_FIRST_SEEN: Final = "weeks_since_first_seen"
SEASON: Final = "season"
SEASON_SIN: Final = "season@sin"
SEASON_COS: Final = "season@cos"
OTHER_FEEDS: Final = "other_feeds"
LEADING_FEED: Final = "leading_feed"
SISTER_FEATURES: Final = (
    f"{OTHER_FEEDS}__count",
    f"{OTHER_FEEDS}__best",
    f"{OTHER_FEEDS}__change_1w",
    f"{OTHER_FEEDS}__change_4w",
    f"{LEADING_FEED}__level",
    f"{LEADING_FEED}__change_1w",
    f"{LEADING_FEED}__change_4w",
)
"""What sister feeds said of a track in the weeks before; working columns of the same names, which
no metric can have."""

_CHANGE_WORDS: Final = {"counter": "growth", "gauge": "change", "rank": "change"}


@dataclass(frozen=True, eq=False)
class Feature:
    """One feature: its name, ``<source>__<derivation>``, and how it is computed."""

    name: str
    expression: pl.Expr
    """Over the working columns; null where an ingredient is null."""
    needs_history: bool = False
    """Whether it says more than the scored week's own export does."""


def log_column(metric: str, weeks_ago: int) -> str:
    """Return the working column that holds log(1 + *metric*) of *weeks_ago* weeks before."""
    return f"{metric}@{weeks_ago}"


def total_column(metric: str) -> str:
    """Return the working column that holds log(1 + the scored week's total of *metric*)."""
    return f"{metric}@total"


def source_of(feature: str) -> str:
    """Return the source of a feature's name: the column by which its reasons are summed."""
    return feature.split("__", maxsplit=1)[0]


def change_name(metric: ColumnSpec, weeks_ago: int) -> str:
    """Return the name of the feature that holds a metric's change over *weeks_ago* weeks."""
    return f"{metric.name}__{_CHANGE_WORDS[metric.kind]}_{weeks_ago}w"


def has_total(column: ColumnSpec) -> bool:
    """Return whether the values of *column* add up over tracks.

    Counters do, and so do gauges that count something; an index (bounded or with decimals) and
    a rank do not.
    """
    is_count = column.type == "integer" and column.maximum is None
    return column.kind == "counter" or (column.kind == "gauge" and is_count)


def release_column(spec: FormatSpec) -> str | None:
    """Return the name of the format's release date; null where it has none."""
    return next((column.name for column in spec.columns if column.kind == "date"), None)


def declare_features(spec: FormatSpec, *, exclude_leaking: bool) -> list[Feature]:
    """Return the features of a format, in the order of its columns.

    Args:
        spec: the format; its columns' kinds decide everything.
        exclude_leaking: true for snapshot models. They never see a column declared
            ``leaks_snapshot`` (DESIGN, Snapshot label), nor anything that one export alone does
            not say: changes and the first sighting are null or constant in the one week they
            learn from, yet not in the weeks they score.
    """
    has_age = release_column(spec) is not None
    features = [
        feature
        for column in spec.columns
        if not (exclude_leaking and column.leaks_snapshot)
        for feature in _column_features(column, has_age=has_age)
    ]
    features.append(
        Feature(
            f"{WEEKS_SINCE_FIRST_SEEN}__log",
            pl.col(WEEKS_SINCE_FIRST_SEEN).log1p(),
            needs_history=True,
        )
    )
    features += [
        Feature(f"{SEASON}__sin", pl.col(SEASON_SIN), needs_history=True),
        Feature(f"{SEASON}__cos", pl.col(SEASON_COS), needs_history=True),
    ]
    if spec.has_regions:
        features += [Feature(name, pl.col(name), needs_history=True) for name in SISTER_FEATURES]
    return [feature for feature in features if not (exclude_leaking and feature.needs_history)]


def feature_names(spec: FormatSpec, *, exclude_leaking: bool) -> list[str]:
    """Return the names of a format's features in the order in which they are built."""
    return [feature.name for feature in declare_features(spec, exclude_leaking=exclude_leaking)]


def _column_features(column: ColumnSpec, *, has_age: bool) -> Iterator[Feature]:
    if column.is_metric:
        yield from _metric_features(column, has_age=has_age)
    elif column.kind == "date":
        yield from _age_features()
    elif column.kind == "flag":
        yield Feature(f"{column.name}__flag", pl.col(column.name))


def _metric_features(column: ColumnSpec, *, has_age: bool) -> Iterator[Feature]:
    name = column.name
    log = pl.col(log_column(name, 0))
    yield Feature(f"{name}__log", log)
    if has_total(column):
        yield Feature(f"{name}__share", log - pl.col(total_column(name)))
    if has_age and column.kind != "rank":
        yield Feature(f"{name}__rate", log - pl.col(AGE_LOG))
    for weeks_ago in LAGS_WEEKS:
        yield Feature(
            change_name(column, weeks_ago),
            log - pl.col(log_column(name, weeks_ago)),
            needs_history=True,
        )


def _age_features() -> Iterator[Feature]:
    yield Feature(f"{AGE_DAYS}__log", pl.col(AGE_LOG))
    for days in AGE_STEPS_DAYS:
        yield Feature(f"{AGE_DAYS}__under_{days}", pl.col(AGE_DAYS) < days)
