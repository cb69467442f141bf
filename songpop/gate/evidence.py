"""What two models are compared by: rows of weeks that neither has seen, or nothing at all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.errors import CheckError, expected
from songpop.evaluate.clusters import Difference
from songpop.splits import first_unseen_week

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class GateEvidence:
    """Rows of the gate weeks, n ≥ 1 of them, in any order.

    Attributes:
        y: (n,) true for high.
        champion: (n,) its published probability of high.
        challenger: (n,) that of the very artefact that would be promoted.
        artists: (n,) number of each row's artist.
        weeks: (n,) Date, the day that ends each row's week.
        age_weeks: (n,) Float64, null where the age is unknown.
        baselines: the challenger's log loss less that of each baseline, on these rows.
        champion_seen_until: last week that it was fitted, stopped or calibrated on.
        challenger_seen_until: likewise.
        horizon_weeks: h, in weeks.

    Raises:
        CheckError: either model saw a week later than h weeks before the first gate week, the
            arrays differ in length, or a score is no probability.
    """

    y: Bools
    champion: Floats
    challenger: Floats
    artists: NDArray[np.intp]
    weeks: pl.Series
    age_weeks: pl.Series
    baselines: Mapping[str, Difference]
    champion_seen_until: dt.date
    challenger_seen_until: dt.date
    horizon_weeks: int

    def __post_init__(self) -> None:
        """Refuse rows that would prove nothing: a model that knows the answers always passes."""
        self._check_rows()
        for name in ("champion", "challenger"):
            self._check_unseen(name, getattr(self, f"{name}_seen_until"))
            self._check_probabilities(name, getattr(self, name))

    @property
    def first_week(self) -> dt.date:
        """The first gate week."""
        return self.weeks.min()  # type: ignore[return-value] - a Date

    @property
    def last_week(self) -> dt.date:
        """The last gate week."""
        return self.weeks.max()  # type: ignore[return-value] - a Date

    @property
    def weeks_count(self) -> int:
        """How many gate weeks there are."""
        return self.weeks.n_unique()

    def _check_rows(self) -> None:
        shapes = (field.name for field in fields(self)[:6])
        counts = {name: len(getattr(self, name)) for name in shapes}
        if len({*counts.values()}) > 1 or not self.y.size or self.weeks.null_count():
            told = ", ".join(f"{name} {count}" for name, count in counts.items())
            message = expected(
                "gate", "rows, each with its week", told, "leave the gate out where there are none"
            )
            raise CheckError(message)

    def _check_unseen(self, name: str, seen_until: dt.date) -> None:
        unseen_from = first_unseen_week(seen_until, self.horizon_weeks)
        if self.first_week < unseen_from:
            message = expected(
                "gate",
                f"weeks from {unseen_from} on, {self.horizon_weeks} weeks after the {name} saw "
                f"{seen_until}",
                f"week {self.first_week}",
                "compare on later weeks only",
            )
            raise CheckError(message)

    def _check_probabilities(self, name: str, p: Floats) -> None:
        wrong_count = int(np.count_nonzero(~((p >= 0) & (p <= 1))))
        if wrong_count:
            message = expected(
                f"scores of the {name}",
                "probabilities in [0, 1]",
                f"{wrong_count} others",
                "retrain with --force-retrain",
            )
            raise CheckError(message)
