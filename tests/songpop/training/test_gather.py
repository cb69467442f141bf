import datetime as dt
from itertools import pairwise

import duckdb
import polars as pl
import pytest

from songpop.errors import CheckError
from songpop.formats.registry import load_formats
from songpop.labels import mature_labels
from songpop.training.gather import Target, TrainingSet, gather_forward, gather_snapshot
from tests.builders import make_warehouse, week_number

CHART = load_formats()["spotify_charts"]
TABLE = load_formats()["chartmetric"]


def make_charts(weeks: int, tracks: int = 12) -> duckdb.DuckDBPyConnection:
    """Return a warehouse with *weeks* charts, their matured labels stored."""
    con = make_warehouse()
    for week in range(1, weeks + 1):
        con.execute(
            """
            insert into core.track_weeks by name
            select 'f' as feed, $week as week, 't' || n as track_id, 'e' as sha256, n as line,
                1000 * (n + 1) + $number as streams_week_count, n + 1 as rank
            from range($tracks) as numbers (n)
            """,
            {"week": week_number(week), "number": week, "tracks": tracks},
        )
        con.execute(
            """
            insert into core.weeks by name
            select 'f' as feed, $week as week, 'spotify_charts' as format, 1 as rows_count,
                'x' as content_sha256, false as is_stale, now() as loaded_at
            """,
            {"week": week_number(week)},
        )
        labels = mature_labels(con, "f", week_number(week), CHART, "level", 4)
        con.register("matured_labels", labels)
        con.execute("insert into ml.labels by name select * from matured_labels")
    return con


def gather(con: duckdb.DuckDBPyConnection, week: int) -> TrainingSet | None:
    return gather_forward(con, "f", week_number(week), CHART, Target("level", 4, None))


def test_features_and_labels_agree_row_by_row() -> None:
    gathered = gather(make_charts(12), 12)

    assert gathered is not None
    keys = ["week", "track_id"]
    assert gathered.features.select(keys).equals(gathered.labels.select(keys))
    assert gathered.features.height == 12 * len(gathered.weeks)


def test_only_labels_known_by_the_week_are_used() -> None:
    gathered = gather(make_charts(20), 12)

    assert gathered is not None
    assert max(gathered.weeks) <= week_number(8)
    assert gathered.seen_until == max(gathered.weeks)


def test_without_matured_weeks_there_is_nothing_to_learn_from() -> None:
    assert gather(make_charts(3), 3) is None


def test_blocks_are_whole_weeks_the_horizon_apart() -> None:
    gathered = gather(make_charts(24), 24)

    assert gathered is not None
    blocks = [
        set(gathered.take(rows)[0]["week"].to_list())
        for rows in (
            gathered.blocks.fit,
            gathered.blocks.stop,
            gathered.blocks.calibrate,
            gathered.blocks.test,
        )
    ]
    for earlier, later in pairwise(blocks):
        assert max(earlier) + dt.timedelta(weeks=4) <= min(later)


def make_table(scores: list[float]) -> pl.DataFrame:
    count = len(scores)
    empty = {
        metric.name: pl.Series(
            [None] * count, dtype=pl.Float64 if metric.type == "decimal" else pl.Int64
        )
        for metric in TABLE.metrics
    }
    return pl.DataFrame(
        {
            "feed": ["f"] * count,
            "week": [week_number(1)] * count,
            "track_id": [f"t{number:04}" for number in range(count)],
            "title": ["x"] * count,
            "artist_name": [f"artist {number}" for number in range(count)],
            "release_date": [dt.date(2020, 1, 1)] * count,
            "is_explicit": [False] * count,
            **empty,
        }
    ).with_columns(pl.Series("track_score", scores))


def test_snapshot_learns_nothing_from_its_labels_source() -> None:
    rows = make_table([float(n) for n in range(200)]).with_columns(
        pl.Series("youtube_views_count", [(n * 37) % 200 for n in range(200)])
    )

    gathered = gather_snapshot(make_warehouse(), rows, TABLE, seed=1)

    assert not [name for name in gathered.features.columns if name.startswith("track_score")]
    assert gathered.labels["is_high"].sum() == 100


def test_feature_that_gives_the_snapshot_label_away_stops_the_training() -> None:
    rows = make_table([float(n) for n in range(200)]).with_columns(
        pl.Series("youtube_views_count", range(200))
    )

    with pytest.raises(CheckError, match="youtube_views_count"):
        gather_snapshot(make_warehouse(), rows, TABLE, seed=1)


def test_training_rows_say_what_sister_feeds_said_before_their_week() -> None:
    con = make_charts(10)
    for table in ("core.track_weeks", "core.weeks"):
        con.execute(f"insert into {table} select * replace ('g' as feed) from {table}")

    training_set = gather_forward(con, "f", week_number(10), CHART, Target("level", 4, None))

    assert training_set is not None
    by_week = training_set.features.group_by("week").agg(pl.col("other_feeds__count").mean())
    listed = by_week.sort("week").get_column("other_feeds__count").to_list()
    assert listed == [None] + [1.0] * 5
