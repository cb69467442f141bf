"""How often the published scores were right, beside what is simpler, on weeks that have matured."""

from collections.abc import Sequence
from dataclasses import dataclass

from songpop.weekly.facts import Row


@dataclass(frozen=True)
class Outcomes:
    """Means over the rows of some matured weeks; shares in [0, 1].

    Attributes:
        right: share of right calls.
        constant: that of each week's more frequent answer, which nobody knew then.
        persistence: that of calling as many of the largest tracks high; null where a week has
            none, as under ``growth``.
        order: area under the ROC curve of the scores; null where no week has one.
        persistence_order: that of today's size; null likewise.
    """

    right: float
    constant: float
    persistence: float | None
    order: float | None
    persistence_order: float | None


def measure_outcomes(matured: Sequence[Row]) -> Outcomes:
    """Return how *matured*, rows of ``list_matured``, turned out; at least one row is needed."""
    constant = [{**row, "constant": max(row["base_rate"], 1 - row["base_rate"])} for row in matured]
    is_sized = all(row["persistence_accuracy"] is not None for row in matured)
    ordered = [row for row in matured if row["auc"] is not None]
    return Outcomes(
        right=_mean(matured, "accuracy"),
        constant=_mean(constant, "constant"),
        persistence=_mean(matured, "persistence_accuracy") if is_sized else None,
        order=_mean(ordered, "auc") if ordered else None,
        persistence_order=_mean(ordered, "persistence_auc") if ordered and is_sized else None,
    )


def _mean(rows: Sequence[Row], name: str) -> float:
    total = sum(row["rows_count"] for row in rows)
    return sum(row["rows_count"] * row[name] for row in rows) / total
