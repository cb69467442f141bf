"""How a champion's published scores turned out, beside rows for stand-ins to learn from."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.evaluate.facts import artist_key
from songpop.evaluate.report import number_groups
from songpop.model.blocks import Blocks, no_rows
from songpop.model.inputs import KEY_COLUMNS
from songpop.pipeline.session import WeekRun
from songpop.registry import ModelVersion
from songpop.splits import first_unseen_week
from songpop.training.today import read_today, stand_in_feature
from songpop.warehouse.sqlfiles import read_sql

MOST_FIT_WEEKS: Final = 13
FEWEST_FIT_WEEKS: Final = 4
ENOUGH_FIT_ROWS: Final = 5_000
"""Stand-ins learn two numbers from the newest quarter, or from as few weeks, four at least, as hold
so many rows: what is simplest should say how things are now."""


@dataclass(frozen=True, eq=False)
class MaturedScores:
    """Rows by week and track_id; those of the test block were scored by the champion.

    Attributes:
        features: Features, (n, keys + 1), what persistence goes by.
        labels: (n, 5), keys, is_high and outcome_percentile, row by row.
        blocks: fit, and test, the compared weeks; the horizon lies between them.
        score: (t,) the champion's published scores of the test block's rows.
        artists: (t,) number of each of these rows' artist.
    """

    features: pl.DataFrame
    labels: pl.DataFrame
    blocks: Blocks
    score: NDArray[np.float64]
    artists: NDArray[np.intp]

    @property
    def feature(self) -> str:
        """What persistence goes by."""
        return self.features.columns[-1]

    @property
    def tested(self) -> pl.DataFrame:
        """The labels of the test block."""
        return self.labels[self.blocks.test]

    @property
    def seen_until(self) -> dt.date:
        """The last week of the fit block."""
        return self.labels[self.blocks.fit].get_column("week").max()  # type: ignore[return-value] - a Date


def gather_matured(run: WeekRun, champion: ModelVersion) -> MaturedScores | None:
    """Gather the newest matured weeks, and what stand-ins learn from.

    Args:
        run: the week's run, its labels stored.
        champion: a model that foresees a later week.

    Returns:
        Null where fewer weeks have matured than are compared, where another version scored one
        of them, or where no week was known by the first.
    """
    con, feed = run.session.con, run.plan.feed
    params = {**run.key, "label": champion.label}
    matured = con.execute(read_sql("load/matured_weeks"), params).fetchall()
    weeks_count = run.session.settings.gate.demotion_weeks
    compared = [week for week, _ in matured[-weeks_count:]]
    params = {"feed": feed, "version": champion.version, "weeks": compared}
    scores = con.execute(read_sql("load/scores_of_model"), params).pl()
    fit = choose_fit_weeks(matured, compared[0], champion.horizon_weeks) if compared else []
    if scores.get_column("week").n_unique() < weeks_count or not fit:
        return None
    weeks = [*fit, *compared]
    params = {"feed": feed, "label": champion.label, "weeks": weeks}
    labels = con.execute(read_sql("load/labels_in_weeks"), params).pl()
    feature = stand_in_feature(run.spec, champion.label, champion.horizon_weeks)
    features = read_today(con, feed, weeks, run.spec, feature)
    return _side_by_side(features, labels, scores, compared[0])


def choose_fit_weeks(
    matured: list[tuple[dt.date, int]], first_compared: dt.date, horizon_weeks: int
) -> list[dt.date]:
    """Return the weeks that stand-ins learn from, oldest first.

    Args:
        matured: weeks with their numbers of rows, oldest first.
        first_compared: the first compared week; the labels of what is chosen were known by then.
        horizon_weeks: h, in weeks.
    """
    chosen: list[dt.date] = []
    rows_count = 0
    for week, rows in reversed(matured):
        is_enough = rows_count >= ENOUGH_FIT_ROWS and len(chosen) >= FEWEST_FIT_WEEKS
        if is_enough or len(chosen) == MOST_FIT_WEEKS:
            break
        if first_unseen_week(week, horizon_weeks) <= first_compared:
            chosen.append(week)
            rows_count += rows
    return chosen[::-1]


def _side_by_side(
    features: pl.DataFrame, labels: pl.DataFrame, scores: pl.DataFrame, first_compared: dt.date
) -> MaturedScores:
    keys = list(KEY_COLUMNS)
    is_fit = pl.col("week") < first_compared
    rows = (
        labels.join(features, on=keys)
        .join(scores.with_columns(artist_key().alias("artist")), on=keys, how="left")
        .filter(is_fit | pl.col("score").is_not_null())
        .sort("week", "track_id")
    )
    fit = rows.select(is_fit).to_series()
    test = rows.filter(~fit)
    return MaturedScores(
        features=rows.select(features.columns),
        labels=rows.select(labels.columns),
        blocks=Blocks(
            fit.arg_true().to_numpy().astype(np.intp),
            no_rows(),
            no_rows(),
            (~fit).arg_true().to_numpy().astype(np.intp),
        ),
        score=test.get_column("score").to_numpy(),
        artists=number_groups(test.select("artist")),
    )
