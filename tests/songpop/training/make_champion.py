"""A feed with a registered network that has published scores, good or bad."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from songpop.pipeline.session import PlannedWeek, Session, WeekRun
from songpop.registry import ModelVersion, Registration, promote, register, settle_statuses
from songpop.settings import LabelKind
from tests.builders import NOW, make_settings, week_number
from tests.songpop.training.make_charts import CHART, make_charts

TRACKS = 60
NEWEST = 22
COMPARED = (15, 16, 17, 18)
"""The newest weeks whose labels are known in week 22."""


def make_champion(**changes: object) -> ModelVersion:
    """Return a network trained in week 12; *changes* replace its fields."""
    fields: dict[str, object] = {
        "version": "us-network",
        "feed": "us",
        "kind": "network",
        "label": "level",
        "horizon_weeks": 4,
        "trained_week": week_number(12),
        "seen_until_week": week_number(8),
        "artefact_sha256": "0" * 64,
        **changes,
    }
    return ModelVersion(**fields)  # type: ignore[arg-type] - fields by name


def make_run(
    root: Path, champion: ModelVersion | None, *, label: LabelKind = "level", newest: int = NEWEST
) -> WeekRun:
    """Return the run of the newest of some weeks, in which *champion* has scored nothing yet."""
    con = make_charts({"us": range(1, newest + 1)}, tracks=TRACKS, label=label)  # type: ignore[arg-type] - a forward one
    session = Session(make_settings(root), {CHART.name: CHART}, con, "run", NOW)
    if champion is not None:
        add_model(con, champion)
        promote(con, champion.trained_week, champion, "the first")
        settle_statuses(con, "us")
    return WeekRun(session, PlannedWeek("us", week_number(newest)), CHART)


def add_model(con: duckdb.DuckDBPyConnection, model: ModelVersion) -> None:
    """Register a version."""
    entry = Registration(model, "first", "promoted: the first", (), (), 10, {}, {}, {})
    register(con, entry, "run", NOW)


def publish_scores(
    con: duckdb.DuckDBPyConnection,
    version: str,
    *,
    right: float,
    numbers: Iterable[int] = COMPARED,
) -> None:
    """Publish scores for the labelled tracks of some weeks: *right* for what came true."""
    con.execute(
        """
        insert into mart.weekly_scores by name
        select feed, week, track_id, 'Artist ' || track_id as artist_name,
            if(is_high, $right, 1 - $right) as score, 'high' as potential,
            false as is_provisional, 1 as rank, 1.0 as percentile, $version as model_version,
            'r' as run_id, $now as scored_at
        from ml.labels where list_contains($weeks, week)
        """,
        {
            "right": right,
            "version": version,
            "now": NOW,
            "weeks": [week_number(number) for number in numbers],
        },
    )
