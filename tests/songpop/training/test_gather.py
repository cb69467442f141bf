import datetime as dt
from itertools import pairwise

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songpop.errors import CheckError
from songpop.formats.registry import load_formats
from songpop.labels import ForwardKind, mature_labels
from songpop.model.prepare import digest_prepared
from songpop.model.train import prepare_network
from songpop.settings import GateSettings
from songpop.splits import WeekBlocks
from songpop.training.gather import (
    Target,
    TrainingSet,
    gather_forward,
    gather_snapshot,
    name_blocks,
)
from tests.builders import make_warehouse, week_number
from tests.songpop.model.builders import quick_settings
from tests.songpop.training import make_charts as regions

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


GATE = GateSettings(min_weeks=8, min_rows=96)
"""As many rows as eight weeks of twelve tracks."""


def first_week(weeks: int, changed_from: int | None, gate: GateSettings = GATE) -> int:
    """Return the number of the first week that is learned from."""
    since = None if changed_from is None else week_number(changed_from)
    # Neither model has seen any of them: the stand-in learned nothing.
    target = Target("level", 4, week_number(1), gate=gate, changed_from=since)
    gathered = gather_forward(make_charts(weeks), "f", week_number(weeks), CHART, target)
    assert gathered is not None
    return (min(gathered.weeks) - week_number(1)).days // 7 + 1


def test_nothing_from_before_a_change_is_learned_once_the_rest_is_enough() -> None:
    firsts = [first_week(weeks, 6) for weeks in range(24, 34)]

    assert set(firsts) == {1, 6}
    assert firsts == sorted(firsts)


def test_what_the_gate_could_not_judge_is_not_cut() -> None:
    demanding = GateSettings(min_weeks=8, min_rows=10_000)

    assert first_week(33, 6, demanding) == 1


def test_without_a_change_everything_is_learned_from() -> None:
    assert first_week(33, None) == 1


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


def load(rows: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    con = make_warehouse()
    con.register("loaded", rows)
    con.execute(
        "insert into core.track_weeks by name select *, '' as sha256, 1 as line from loaded"
    )
    return con


def test_snapshot_learns_nothing_from_its_labels_source() -> None:
    rows = make_table([float(n) for n in range(200)]).with_columns(
        pl.Series("youtube_views_count", [(n * 37) % 200 for n in range(200)])
    )

    gathered = gather_snapshot(load(rows), "f", week_number(1), TABLE, seed=1)

    assert not [name for name in gathered.features.columns if name.startswith("track_score")]
    assert gathered.labels["is_high"].sum() == 100


def test_feature_that_gives_the_snapshot_label_away_stops_the_training() -> None:
    rows = make_table([float(n) for n in range(200)]).with_columns(
        pl.Series("youtube_views_count", range(200))
    )

    with pytest.raises(CheckError, match="youtube_views_count"):
        gather_snapshot(load(rows), "f", week_number(1), TABLE, seed=1)


def test_training_rows_say_what_sister_feeds_said_before_their_week() -> None:
    con = make_charts(10)
    for table in ("core.track_weeks", "core.weeks"):
        con.execute(f"insert into {table} select * replace ('g' as feed) from {table}")

    training_set = gather_forward(con, "f", week_number(10), CHART, Target("level", 4, None))

    assert training_set is not None
    by_week = training_set.features.group_by("week").agg(pl.col("other_feeds__count").mean())
    listed = by_week.sort("week").get_column("other_feeds__count").to_list()
    assert listed == [None] + [1.0] * 5


LEVEL = Target("level", 4)


def gather_region(
    con: duckdb.DuckDBPyConnection, feed: str, week: int, target: Target = LEVEL
) -> TrainingSet:
    """Return the training set of a region's week, where there is one."""
    gathered = gather_forward(con, feed, week_number(week), CHART, target)

    assert gathered is not None
    return gathered


def numbers_by_feed(gathered: TrainingSet, block: str) -> dict[str, list[int]]:
    """Return the week numbers of a block's rows, by feed."""
    labels = gathered.labels[getattr(gathered.blocks, block)]
    return {
        feed: [
            1 + (week - week_number(1)).days // 7 for week in own["week"].unique().sort().to_list()
        ]
        for (feed,), own in labels.group_by("feed")
    }


def tell_apart(one: TrainingSet, other: TrainingSet) -> list[str]:
    """Return what of two training sets is not equal bit for bit."""
    frames = [
        name
        for name in ("features", "labels", "facts")
        if not getattr(one, name).equals(getattr(other, name))
    ]
    blocks = [
        name
        for name in ("fit", "stop", "calibrate", "test")
        if getattr(one.blocks, name).tolist() != getattr(other.blocks, name).tolist()
    ]
    rest = [name for name in ("weeks", "seen_until") if getattr(one, name) != getattr(other, name)]
    return frames + blocks + rest


def test_other_regions_are_learned_from_but_neither_calibrated_nor_tested_on() -> None:
    weeks = range(1, 25)
    con = regions.make_charts({"us": weeks, "gb": weeks})

    gathered = gather_region(con, "us", 24)

    assert numbers_by_feed(gathered, "fit") == {"gb": [*range(1, 9)], "us": [*range(1, 9)]}
    assert numbers_by_feed(gathered, "stop") == {"gb": [12], "us": [12]}
    assert numbers_by_feed(gathered, "calibrate") == {"us": [16]}
    assert numbers_by_feed(gathered, "test") == {"us": [20]}


def test_another_regions_weeks_count_by_their_dates() -> None:
    # A longer history, a gap in it, and no chart in the stop block's only week.
    gb = [*range(1, 12), *range(13, 25)]
    con = regions.make_charts({"us": range(5, 25), "gb": gb})

    gathered = gather_region(con, "us", 24)

    assert numbers_by_feed(gathered, "fit")["us"] == [5, 6, 7, 8]
    assert numbers_by_feed(gathered, "fit")["gb"] == [1, 2, 3, 4, 5, 6, 7]
    assert numbers_by_feed(gathered, "stop") == {"us": [12]}


def test_other_regions_labels_are_known_only_after_the_week_that_shows_them() -> None:
    con = regions.make_charts({"us": range(1, 10), "gb": range(1, 10)})

    gathered = gather_region(con, "us", 9)

    assert numbers_by_feed(gathered, "fit") == {"us": [1, 2, 3, 4, 5], "gb": [1, 2, 3, 4]}


def test_a_week_that_ends_a_day_before_counts_as_the_same() -> None:
    con = regions.make_charts({"us": range(1, 10), "gb": range(1, 10)})
    for table in ("core.weeks", "core.track_weeks", "ml.labels"):
        con.execute(f"update {table} set week = week - 1 where feed = 'gb'")
    con.execute("update ml.labels set matured_week = matured_week - 1 where feed = 'gb'")

    labels = gather_region(con, "us", 9).labels

    assert labels.filter(feed="gb")["matured_week"].max() == week_number(8) - dt.timedelta(days=1)


def test_labels_of_another_horizon_are_not_learned_from() -> None:
    weeks = {"us": range(1, 13), "gb": range(1, 13), "de": range(1, 13)}
    con = regions.make_charts(weeks, horizon_weeks={"gb": 5})

    assert set(gather_region(con, "us", 12).labels["feed"]) == {"us", "de"}


def test_labels_of_another_definition_are_not_learned_from() -> None:
    con = regions.make_charts({"us": range(1, 13), "gb": range(1, 13)})
    con.execute("update ml.labels set label = 'growth' where feed = 'gb'")

    assert set(gather_region(con, "us", 12).labels["feed"]) == {"us"}


def test_regions_learn_alone_where_they_are_not_to_be_pooled() -> None:
    con = regions.make_charts({"us": range(1, 13), "gb": range(1, 13)})

    gathered = gather_region(con, "us", 12, Target("level", 4, None, pool_feeds=False))

    assert set(gathered.labels["feed"]) == {"us"}


def test_feeds_of_another_format_are_never_learned_from() -> None:
    con = regions.make_charts({"us": range(1, 13), "gb": range(1, 13)})
    con.execute("update core.weeks set format = 'chartmetric' where feed = 'gb'")

    assert set(gather_region(con, "us", 12).labels["feed"]) == {"us"}


def test_a_format_without_regions_does_not_pool_its_feeds() -> None:
    con = regions.make_charts({"us": range(1, 13), "gb": range(1, 13)})
    alone = CHART.model_copy(update={"has_regions": False})

    gathered = gather_forward(con, "us", week_number(12), alone, LEVEL)

    assert gathered is not None
    assert set(gathered.labels["feed"]) == {"us"}


def alter_after(con: duckdb.DuckDBPyConnection, week: int) -> None:
    """Change every row of every feed after a week, and all that is learned in it or later."""
    con.execute("begin")
    con.execute(
        """
        update core.track_weeks
        set streams_week_count = 7 * line + 1, rank = 200 - line, artist_name = 'somebody else'
        where week > $week
        """,
        {"week": week_number(week)},
    )
    con.execute(
        """
        update ml.labels
        set is_high = not is_high, outcome_percentile = 1 - outcome_percentile, margin = -margin
        where matured_week > $week or (matured_week = $week and feed <> 'us')
        """,
        {"week": week_number(week)},
    )
    con.execute("commit")


@pytest.mark.parametrize("kind", ["level", "growth"])
def test_nothing_that_comes_after_the_week_changes_a_bit(kind: ForwardKind) -> None:
    weeks = range(1, 23)
    con = regions.make_charts({"us": weeks, "gb": weeks, "de": range(3, 23)}, label=kind)
    target = Target(kind, 4)
    before = {week: gather_region(con, "us", week, target) for week in (20, 16, 12, 9)}
    latest = gather_region(con, "us", 22, target)

    for week, known in before.items():
        alter_after(con, week)

        assert tell_apart(known, gather_region(con, "us", week, target)) == []
    assert {"features", "labels"} <= set(tell_apart(latest, gather_region(con, "us", 22, target)))


@pytest.mark.parametrize("week", [9, 16])
def test_which_region_comes_first_in_a_week_does_not_matter(week: int) -> None:
    first = regions.make_charts({"us": range(1, week + 1), "gb": range(1, week)})
    second = regions.make_charts({"us": range(1, week + 1), "gb": range(1, week + 1)})

    assert tell_apart(gather_region(first, "us", week), gather_region(second, "us", week)) == []


def test_regions_with_the_same_weeks_are_fitted_on_the_same_rows() -> None:
    weeks = range(1, 25)
    con = regions.make_charts({"us": weeks, "gb": weeks})
    us, gb = (gather_region(con, feed, 24) for feed in ("us", "gb"))

    digests = [
        digest_prepared(prepare_network(one.features, one.labels, one.blocks, quick_settings()))
        for one in (us, gb)
    ]

    assert digests[0] == digests[1]
    assert numbers_by_feed(us, "calibrate").keys() != numbers_by_feed(gb, "calibrate").keys()


def test_facts_are_of_whole_weeks_whether_or_not_a_row_has_a_label() -> None:
    con = regions.make_charts({"us": range(1, 13)}, label="growth")
    whole = gather_region(con, "us", 12, Target("growth", 4))
    con.execute("delete from ml.labels where track_id in ('t000', 't001', 't002')")

    gathered = gather_region(con, "us", 12, Target("growth", 4))

    keys = ["week", "track_id"]
    of_both = gathered.labels.select(keys).join(
        whole.labels.select(keys).hstack(whole.facts), on=keys, maintain_order="left"
    )
    assert gathered.facts.height < whole.facts.height
    assert gathered.facts.equals(of_both.drop(keys))


def test_facts_stand_row_by_row_beside_the_features() -> None:
    con = regions.make_charts({"us": range(1, 25), "gb": range(1, 25)})
    gathered = gather_region(con, "us", 24)

    artists = [f"artist {int(track[1:]) // 2}" for track in gathered.features["track_id"]]
    keys = ["feed", "week", "track_id"]
    assert gathered.facts["artist"].to_list() == artists
    assert gathered.features.select(keys).equals(gathered.labels.select(keys))


def test_a_sisters_label_that_was_known_too_late_for_a_block_is_in_none() -> None:
    split = WeekBlocks(fit=(week_number(1),), stop=(week_number(5),), calibrate=(week_number(9),))
    day = dt.timedelta(days=1)
    matured = [week_number(5), week_number(5) + day, week_number(9), week_number(9) + day]
    labels = pl.DataFrame(
        {
            "feed": ["gb"] * 4,
            "week": [week_number(1), week_number(1), week_number(5), week_number(5)],
            "matured_week": matured,
        }
    )

    blocks = name_blocks(labels, split, "us")

    assert blocks.to_list() == ["fit", None, "stop", None]


def test_of_too_many_labels_a_sample_of_tracks_is_learned_from_in_every_week(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    con, target = make_charts(10, tracks=60), Target("level", 4, None)
    whole = gather_forward(con, "f", week_number(10), CHART, target)
    assert whole is not None
    monkeypatch.setattr("songpop.training.sampling.MOST_ROWS", whole.labels.height // 2)

    sample = gather_forward(con, "f", week_number(10), CHART, target)

    assert sample is not None
    assert 0.3 < sample.labels.height / whole.labels.height < 0.7
    tracks = sample.labels["track_id"].unique()
    rest = whole.labels["track_id"].is_in(tracks.implode())
    assert_frame_equal(sample.labels, whole.labels.filter(rest))
    # Shares and what came before are of whole weeks, so no feature of a row is another.
    assert_frame_equal(sample.features, whole.features.filter(rest), check_exact=True)
    assert sample.blocks.fit.size + sample.blocks.test.size > 0
    assert sample.weeks == whole.weeks


def test_snapshot_of_a_large_week_learns_from_a_sample_with_the_labels_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = make_table([float(n) for n in range(400)]).with_columns(
        pl.Series("youtube_views_count", [(n * 37) % 400 for n in range(400)])
    )
    whole = gather_snapshot(load(rows), "f", week_number(1), TABLE, seed=1)
    monkeypatch.setattr("songpop.training.sampling.MOST_ROWS", 200)

    sample = gather_snapshot(load(rows), "f", week_number(1), TABLE, seed=1)

    assert 120 < sample.labels.height < 280
    is_sampled = whole.labels["track_id"].is_in(sample.labels["track_id"].implode())
    assert_frame_equal(sample.labels, whole.labels.filter(is_sampled))
    assert_frame_equal(sample.features, whole.features.filter(is_sampled), check_exact=True)
