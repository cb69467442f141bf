"""When a record counts as an alarm: the defaults of each tool, and songpop's decisions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tests.benchmarks.drift.store import Record

EVIDENTLY_COLUMN: Final = 0.1
"""Evidently 0.7.23: a column has drifted from this normed Wasserstein distance on."""
EVIDENTLY_SHARE: Final = 0.5
"""A dataset has drifted where this share of its columns has."""
NANNYML_DEVIATIONS: Final = 3.0
"""NannyML 0.13.1: a chunk alarms beyond so many standard deviations of the reference's chunks."""
NANNYML_AUC: Final = (0.45, 0.65)
"""Its domain classifier alarms outside."""


class Statistic(NamedTuple):
    """What a tool measures of a week.

    Attributes:
        family: what kind of figure.
        column: of which column; empty for one of the whole week.
    """

    family: str
    column: str


Fires = Callable[[Record], bool]
Ranks = Callable[[Record], tuple[str, ...]]


@dataclass(frozen=True)
class Rule:
    """One way of reading a detector's records.

    Attributes:
        title: what the tables call it.
        detector: whose records it reads.
        fires: whether a week is an alarm.
        ranks: the columns that it blames, the most telling first.
    """

    title: str
    detector: str
    fires: Fires
    ranks: Ranks


def read_statistics(record: Record, families: Iterable[str]) -> dict[Statistic, float]:
    """Return what a tool measured, larger being more suspicious.

    Evidently's scores and NannyML's distances as they are; of missing values and of the
    reconstruction error the distance to the mean of the reference's chunks; the AUC as it is.
    """
    return {
        statistic: value
        for family in families
        for statistic, value in _FAMILIES[family](record.figures).items()
    }


def _distances(figures: Mapping[str, Any]) -> dict[Statistic, float]:
    return {
        Statistic("drift", column): value[0] if isinstance(value, list) else value
        for column, value in figures["drift"].items()
    }


def _missing(figures: Mapping[str, Any]) -> dict[Statistic, float]:
    return {
        Statistic("missing", column): abs(value - mean)
        for column, (value, mean, _) in figures["missing"].items()
    }


def _reconstruction(figures: Mapping[str, Any]) -> dict[Statistic, float]:
    value, mean, _ = figures["reconstruction"]
    return {Statistic("reconstruction", ""): abs(value - mean)}


def _auc(figures: Mapping[str, Any]) -> dict[Statistic, float]:
    return {Statistic("auc", ""): figures["auc"]}


_FAMILIES: Final[dict[str, Callable[[Mapping[str, Any]], dict[Statistic, float]]]] = {
    "drift": _distances,
    "missing": _missing,
    "reconstruction": _reconstruction,
    "auc": _auc,
}


def _deviations(value: float, mean: float, deviation: float) -> float:
    """Return how many standard deviations a chunk lies above the mean, as the thresholds count."""
    if value == mean:
        return 0.0
    return (value - mean) / deviation if deviation else float("inf") * (value - mean)


def _evidently_drifted(record: Record) -> list[str]:
    drift = record.figures["drift"]
    return [column for column, value in drift.items() if value >= EVIDENTLY_COLUMN]


def _by_size(values: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(values, key=lambda column: (-values[column], column)))


def _nannyml_columns(record: Record) -> dict[str, float]:
    return {column: _deviations(*value) for column, value in record.figures["drift"].items()}


def _nannyml_missing(record: Record) -> dict[str, float]:
    return {column: abs(_deviations(*one)) for column, one in record.figures["missing"].items()}


def _beyond(values: Mapping[str, float]) -> bool:
    return max(values.values()) > NANNYML_DEVIATIONS


def _no_column(_: Record) -> tuple[str, ...]:
    return ()


OURS: Final = Rule(
    "songpop",
    "songpop",
    lambda record: record.decision != "quiet",
    lambda record: record.top_columns,
)
"""Whatever is not quiet."""

OURS_ACTS: Final = Rule(
    "songpop acts",
    "songpop",
    lambda record: record.decision in {"retrain", "quarantine"},
    lambda record: record.top_columns,
)
"""It retrains or puts the week aside, warnings left out."""

EVIDENTLY_DATASET: Final = Rule(
    "Evidently, dataset",
    "evidently",
    lambda record: (
        len(_evidently_drifted(record)) >= EVIDENTLY_SHARE * len(record.figures["drift"])
    ),
    lambda record: _by_size(record.figures["drift"]),
)
EVIDENTLY_ANY: Final = Rule(
    "Evidently, any column",
    "evidently",
    lambda record: bool(_evidently_drifted(record)),
    lambda record: _by_size(record.figures["drift"]),
)
NANNYML_COLUMNS: Final = Rule(
    "NannyML, univariate",
    "nannyml",
    lambda record: _beyond(_nannyml_columns(record)),
    lambda record: _by_size(_nannyml_columns(record)),
)
NANNYML_MISSING: Final = Rule(
    "NannyML, missing values",
    "nannyml",
    lambda record: _beyond(_nannyml_missing(record)),
    lambda record: _by_size(_nannyml_missing(record)),
)
NANNYML_RECONSTRUCTION: Final = Rule(
    "NannyML, reconstruction",
    "nannyml",
    lambda record: abs(_deviations(*record.figures["reconstruction"])) > NANNYML_DEVIATIONS,
    _no_column,
)
NANNYML_CLASSIFIER: Final = Rule(
    "NannyML, domain classifier",
    "nannyml_classifier",
    lambda record: not NANNYML_AUC[0] <= record.figures["auc"] <= NANNYML_AUC[1],
    _no_column,
)

DEFAULTS: Final = (
    EVIDENTLY_DATASET,
    EVIDENTLY_ANY,
    NANNYML_COLUMNS,
    NANNYML_MISSING,
    NANNYML_RECONSTRUCTION,
    NANNYML_CLASSIFIER,
)
"""The other tools as they come."""
