import datetime as dt

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songpop.errors import InputError
from songpop.labels.forward import ForwardKind
from songpop.labels.maturity import base_rates, find_matured_weeks, mature_labels
from songpop.labels.ranking import LABELS_SCHEMA
from songpop.labels.snapshot import snapshot_labels
from tests.songpop.features.make_weeks import (
    FEED,
    WEEK,
    load_weeks,
    make_spec,
    make_weeks,
    open_warehouse,
)
from tests.songpop.labels.label import forward_labels

SPEC = make_spec()


def week_at(days: int) -> dt.date:
    return WEEK + dt.timedelta(days=days)


def make_week(days: int) -> pl.DataFrame:
    return make_weeks(
        *(
            {
                "track_id": track,
                "streams_count": 100 + (days * (index + 3)) % 17,
                "score_points": 5.0 * index,
            }
            for index, track in enumerate("abcdef")
        ),
        week=week_at(days),
    )


def make_warehouse(*days: int) -> duckdb.DuckDBPyConnection:
    con = open_warehouse(SPEC)
    load_weeks(con, pl.concat([make_week(day) for day in days]))
    return con


@pytest.mark.parametrize("kind", ["level", "growth"])
def test_the_week_four_weeks_before_matures(kind: ForwardKind) -> None:
    con = make_warehouse(*range(0, 43, 7))

    labels = mature_labels(con, FEED, week_at(28), SPEC, kind, 4)

    assert_frame_equal(labels, forward_labels(make_week(0), make_week(28), SPEC, kind))
    assert labels.get_column("matured_week").unique().to_list() == [week_at(28)]


@pytest.mark.parametrize("kind", ["level", "growth"])
def test_no_label_matures_before_its_horizon(kind: ForwardKind) -> None:
    labels = mature_labels(make_warehouse(0, 7, 14, 21), FEED, week_at(21), SPEC, kind, 4)

    assert labels.height == 0
    assert labels.schema == LABELS_SCHEMA


def test_snapshot_labels_mature_with_their_own_week() -> None:
    labels = mature_labels(make_warehouse(0, 7), FEED, week_at(7), SPEC, "snapshot", 4)

    assert_frame_equal(labels, snapshot_labels(make_week(7), SPEC))
    assert labels.height == 6


def test_snapshot_labels_of_a_format_without_source_are_refused() -> None:
    spec = make_spec(snapshot_source=None)

    with pytest.raises(InputError, match="expected level or growth"):
        mature_labels(make_warehouse(0), FEED, WEEK, spec, "snapshot", 4)


def test_a_week_up_to_three_days_off_still_matures_labels() -> None:
    assert find_matured_weeks(make_warehouse(0, 31), FEED, week_at(31), 4) == [WEEK]
    assert find_matured_weeks(make_warehouse(0, 25), FEED, week_at(25), 4) == [WEEK]
    assert find_matured_weeks(make_warehouse(0, 32), FEED, week_at(32), 4) == []


def test_only_the_nearest_week_matures_labels_and_the_earlier_of_two() -> None:
    con = make_warehouse(0, 26, 29, 30)

    assert find_matured_weeks(con, FEED, week_at(26), 4) == [WEEK]
    assert find_matured_weeks(con, FEED, week_at(29), 4) == [WEEK]
    assert find_matured_weeks(con, FEED, week_at(30), 4) == []


def test_weeks_loaded_after_the_week_do_not_change_what_matures() -> None:
    before = mature_labels(make_warehouse(0, 26), FEED, week_at(26), SPEC, "level", 4)
    after = mature_labels(make_warehouse(0, 26, 28, 35), FEED, week_at(26), SPEC, "level", 4)

    assert_frame_equal(after, before)
    assert after.height == 6


def test_a_missing_export_leaves_its_labels_missing() -> None:
    con = make_warehouse(0, 7, 14, 21, 35, 42)

    assert find_matured_weeks(con, FEED, week_at(35), 4) == [week_at(7)]
    assert find_matured_weeks(con, FEED, week_at(42), 4) == [week_at(14)]


def test_the_base_rate_is_the_share_of_high_labels_a_week() -> None:
    labels = pl.concat(
        [
            snapshot_labels(make_week(7), SPEC),
            forward_labels(make_week(0), make_week(28), SPEC, "level").with_columns(
                is_high=pl.col("track_id") == "a"
            ),
        ]
    )

    rates = base_rates(labels)

    assert rates.columns == ["feed", "label", "week", "rows_count", "base_rate"]
    assert rates.rows() == [
        (FEED, "level", WEEK, 6, pytest.approx(1 / 6)),
        (FEED, "snapshot", week_at(7), 6, 0.5),
    ]
