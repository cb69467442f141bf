from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.warehouse.sqlfiles import list_sql, read_sql
from songpop.warehouse.views import create_private_views
from tests.builders import NOW, make_warehouse, week_number
from tests.songpop.warehouse.make_warehouse import (
    add_export,
    add_labels,
    add_scores,
    add_week,
    make_healthy,
)

VIEWS = [name.removeprefix("views/") for name in list_sql("views")]


def read_view(con: duckdb.DuckDBPyConnection, name: str, columns: str = "*") -> list[tuple[object]]:
    return con.sql(f"from {name}").select(columns).fetchall()


def test_every_view_is_in_the_private_file_and_in_the_snapshot_alike(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)

    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        for name in VIEWS:
            rows = read_view(con, name)

            assert rows
            assert read_view(snapshot, name) == rows
    con.close()


@pytest.mark.parametrize("name", VIEWS)
def test_view_gives_the_same_rows_in_the_same_order_every_time(tmp_path: Path, name: str) -> None:
    _, con = make_healthy(tmp_path)
    con.execute("insert into core.weeks select 'kr' as feed, * exclude (feed) from core.weeks")
    con.execute(
        "insert into mart.weekly_scores select 'kr', * exclude (feed) from mart.weekly_scores"
    )

    assert len({repr(read_view(con, name)) for _ in range(3)}) == 1
    con.close()


def test_views_are_renewed_after_a_table_got_a_column() -> None:
    con = make_warehouse()
    create_private_views(con)
    con.execute("alter table mart.weekly_scores add column mood varchar")

    create_private_views(con)

    assert read_view(con, "mart.current_scores") == []


def test_tracks_are_named_as_in_their_latest_week() -> None:
    con = make_warehouse()
    create_private_views(con)
    for feed, number in (("us", 1), ("us", 2), ("gb", 2)):
        add_week(con, feed, number, "a")
    con.execute(
        "update core.track_weeks set title = feed || ' ' || week, release_date = "
        "case when week < $week then week end",
        {"week": week_number(2)},
    )

    # us sorts last in week 2; the release date of week 1 is not carried over.
    assert read_view(con, "core.tracks") == [
        ("a", f"us {week_number(2)}", "Artist a", None, None, week_number(2))
    ]


def test_current_scores_are_those_of_the_newest_scored_week_of_each_feed() -> None:
    con = make_warehouse()
    create_private_views(con)
    add_week(con, "us", 1, "ab", scores=(0.4, 0.6))
    add_week(con, "us", 2, "ab", scores=(0.3, 0.2))
    add_week(con, "us", 3, "ab")
    add_week(con, "gb", 1, "c", scores=(0.9,))

    assert read_view(con, "mart.current_scores", "feed, week, track_id, rank") == [
        ("gb", week_number(1), "c", 1),
        ("us", week_number(2), "a", 1),
        ("us", week_number(2), "b", 2),
    ]


def test_movers_compare_with_the_scored_week_before() -> None:
    con = make_warehouse()
    create_private_views(con)
    add_week(con, "us", 1, "abd", scores=(0.5, 0.75, 0.1), version="v1")
    add_week(con, "us", 2, "ab")
    add_week(con, "us", 3, "abc", scores=(1.0, 0.25, 0.5), version="v2")
    columns = "track_id, previous_week, rank, rank_change, score_change, is_new, is_same_model"

    assert read_view(con, "mart.movers", columns) == [
        ("a", week_number(1), 1, 1, 0.5, False, False),
        ("c", week_number(1), 2, None, None, True, None),
        ("b", week_number(1), 3, -2, -0.5, False, False),
    ]


def test_first_scored_week_has_movers_that_are_neither_new_nor_old() -> None:
    con = make_warehouse()
    create_private_views(con)
    add_week(con, "us", 1, "a", scores=(0.5,))

    columns = "track_id, previous_week, rank_change, is_new"
    assert read_view(con, "mart.movers", columns) == [("a", None, None, None)]


def test_lineage_tells_who_scores_a_week_and_what_was_trained_in_it(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    (version, week) = con.execute(
        "select version, trained_week from ml.models order by created_at limit 1"
    ).fetchall()[0]

    rows = con.execute(
        "select model_version, trained_week, len(drift_reasons) from mart.lineage "
        "where model_version is not null"
    ).fetchall()
    trained = con.execute(
        "select trained from mart.lineage where week = $week", {"week": week}
    ).fetchall()

    assert (version, week) in {(one, trained_in) for one, trained_in, _ in rows}
    assert all(reasons is None or reasons > 0 for *_, reasons in rows)
    assert any(version in text for (texts,) in trained for text in texts)
    con.close()


def test_lineage_has_the_weeks_that_were_kept_out(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(
        "insert into ml.drift_weeks (feed, week, decision, reasons) "
        "values ('us', '2030-01-03', 'quarantine', ['units'])"
    )

    (row,) = con.execute(
        "select drift, model_version, trained from mart.lineage where week = '2030-01-03'"
    ).fetchall()

    assert row == ("quarantine", None, [])
    con.close()


def test_performance_is_that_of_the_textbook(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    # Week 2: a 0.9 high, b 0.6 high, c 0.1 low.
    losses = -np.log([0.9, 0.6, 0.9])
    squares = np.array([0.1, 0.4, 0.1]) ** 2

    rows = con.sql("from mart.model_performance").pl()

    assert rows.height == 1
    row = rows.row(0, named=True)
    assert (row["feed"], row["week"], row["model_version"]) == ("us", week_number(2), "us-1")
    assert (row["rows_count"], row["is_provisional"], row["label"]) == (3, False, "level")
    assert row["matured_week"] == week_number(6)
    assert row["base_rate"] == pytest.approx(2 / 3)
    assert row["log_loss"] == pytest.approx(losses.mean(), abs=1e-11)
    assert row["brier"] == pytest.approx(squares.mean(), abs=1e-11)
    assert (row["accuracy"], row["auc"]) == (1.0, 1.0)
    assert (row["persistence_accuracy"], row["persistence_auc"]) == (1.0, 1.0)
    con.close()


def test_persistence_calls_as_many_of_the_largest_high_as_the_model_calls() -> None:
    con = make_warehouse()
    create_private_views(con)
    insert_model(con, "us-1")
    add_scores(con, "us", 1, {"a": 0.9, "b": 0.2, "c": 0.6, "d": 0.1})
    # By size a, b, c, d; the model calls a and c high, size alone a and b.
    add_labels(con, "us", 1, "abcd", highs="ad")
    columns = "accuracy, persistence_accuracy, persistence_auc"

    assert read_view(con, "mart.model_performance", columns) == [(0.5, 0.5, 0.5)]

    con.execute("update ml.labels set is_high = track_id in ('a', 'b')")
    assert read_view(con, "mart.model_performance", columns) == [(0.5, 1.0, 1.0)]

    con.execute("update ml.labels set size_percentile = null where track_id = 'd'")
    assert read_view(con, "mart.model_performance", columns) == [(0.5, None, None)]


def test_performance_of_a_certain_mistake_is_finite_and_auc_needs_both_classes() -> None:
    con = make_warehouse()
    create_private_views(con)
    add_scores(con, "us", 1, {"a": 1.0})
    add_labels(con, "us", 1, "a", highs="")
    insert_model(con, "us-1")

    columns = "rows_count, log_loss, accuracy, auc"
    rows = read_view(con, "mart.model_performance", columns)

    assert rows == [(1, pytest.approx(27.631, abs=0.001), 0.0, None)]


def test_performance_counts_only_the_label_of_the_model() -> None:
    con = make_warehouse()
    create_private_views(con)
    add_scores(con, "us", 1, {"a": 0.9})
    add_labels(con, "us", 1, "a", highs="a")
    con.execute("update ml.labels set label = 'growth'")
    insert_model(con, "us-1")

    assert read_view(con, "mart.model_performance") == []


def test_performance_does_not_depend_on_the_order_of_rows() -> None:
    con = make_warehouse()
    create_private_views(con)
    insert_model(con, "us-1")
    add_scores(con, "us", 1, {"a": 0.9})
    add_labels(con, "us", 1, "a", highs="a")
    found: set[object] = set()
    for order in ("n", "n desc", "hash(n)"):
        for table, changed in (
            ("mart.weekly_scores", ", (hash(n) % 1000) / 1001.0 as score"),
            ("ml.labels", ", hash(n, 1) % 3 = 0 as is_high"),
        ):
            con.execute(f"create or replace temp table one as from {table} limit 1")
            con.execute(f"delete from {table}")
            con.execute(
                f"insert into {table} select one.* replace (n::varchar as track_id{changed}) "
                f"from one, range(30_000) as r (n) order by {order}"
            )
        found.update(read_view(con, "mart.model_performance", "log_loss, brier, auc"))

    assert len(found) == 1


def insert_model(con: duckdb.DuckDBPyConnection, version: str) -> None:
    con.execute(
        """
        insert into ml.models values (
            $version, 'us', 'network', 'level', 4, 'champion', '2024-01-04', 'first', 'the first',
            [], [], '2024-01-04', 3, '{}', '{}', '{}', 'x', 'run', $now, null, null, null, null,
            null
        )
        """,
        {"version": version, "now": NOW},
    )


@cache
def shared_warehouse() -> duckdb.DuckDBPyConnection:
    con = make_warehouse()
    create_private_views(con)
    insert_model(con, "us-1")
    return con


@settings(deadline=None, max_examples=30)
@given(
    cells=st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=20).filter(
        lambda cells: len({is_high for _, is_high in cells}) == 2
    )
)
def test_auc_is_the_share_of_pairs_in_order(cells: list[tuple[int, bool]]) -> None:
    con = shared_warehouse()
    for table in ("mart.weekly_scores", "ml.labels"):
        con.execute(f"delete from {table}")
    names = [chr(ord("a") + n) for n in range(len(cells))]
    add_scores(con, "us", 1, {name: cell[0] / 4 for name, cell in zip(names, cells, strict=True)})
    highs = [name for name, cell in zip(names, cells, strict=True) if cell[1]]
    add_labels(con, "us", 1, "".join(names), highs="".join(highs))
    high = np.array([score for score, is_high in cells if is_high])[:, None]
    low = np.array([score for score, is_high in cells if not is_high])[None, :]
    wanted = float(np.mean((high > low) + 0.5 * (high == low)))

    rows = read_view(con, "mart.model_performance", "auc")

    assert rows == [(pytest.approx(wanted),)]


def test_data_quality_adds_up_what_counts_and_names_the_rest() -> None:
    con = make_warehouse()
    create_private_views(con)
    week = week_number(1)
    add_export(con, "older", "us", week, loaded=5, status="superseded", damaged=9, falling=9)
    add_export(con, "refused", "us", week, quarantined=7, status="refused", reason="r", damaged=4)
    add_week(con, "us", 1, "ab")
    con.execute("update raw.exports set falling_counter_count = 2 where status = 'loaded'")
    con.execute(
        "insert into ml.drift_weeks values ('us', $week, 'warn', ['moved'], 'noticed', 'r')",
        {"week": week_number(1)},
    )
    con.execute("update core.weeks set is_stale = true, stale_because = 'week 0 changed'")
    con.execute(
        "insert into ml.drift_weeks values ('us', $week, 'quarantine', ['frozen'], 'true', 'r')",
        {"week": week_number(2)},
    )

    df = con.sql("from mart.data_quality").pl()

    first, second = df.rows(named=True)
    counts = ("exports_count", "rows_read", "loaded", "duplicate", "quarantined", "rows_count")
    assert [first[name] for name in counts] == [3, 9, 2, 0, 7, 2]
    assert first["file_names"] == ["older.csv", "refused.csv", "sha-us-1.csv"]
    assert first["statuses"] == ["superseded", "refused", "loaded"]
    assert (first["damaged_text_count"], first["falling_counter_count"]) == (4, 2)
    assert (first["is_stale"], first["stale_because"]) == (True, "week 0 changed")
    assert (first["drift_decision"], first["drift_reasons"]) == ("warn", ["moved"])
    assert [second[name] for name in counts] == [0, 0, 0, 0, 0, None]
    assert (second["week"], second["drift_decision"]) == (week_number(2), "quarantine")


def test_export_without_a_week_is_not_lost_from_data_quality() -> None:
    con = make_warehouse()
    create_private_views(con)
    add_export(con, "lost", "us", week_number(1), quarantined=2, status="refused", reason="r")
    con.execute("update raw.exports set feed = null, week = null")

    assert read_view(con, "mart.data_quality", "feed, week, quarantined") == [(None, None, 2)]


def test_views_of_the_snapshot_read_nothing_that_it_lacks() -> None:
    published = {name.rpartition("/")[2] for name in list_sql("marts/weekly")}
    published |= {name.rpartition("/")[2] for name in list_sql("marts/whole")}
    published |= set(VIEWS)
    for name in list_sql("views"):
        reads = [line for line in read_sql(name).splitlines() if line.startswith("-- reads:")]

        assert set(reads[0].removeprefix("-- reads:").replace(" ", "").split(",")) <= published
