import datetime as dt

import duckdb

from songpop.formats.registry import load_formats
from songpop.pipeline.weeks import (
    RunStamp,
    mark_later_stale,
    mark_run,
    mark_sisters_stale,
    read_week_state,
    rewrite_week,
    update_history,
)
from tests.builders import NOW, make_warehouse, week_number

CHART = load_formats()["spotify_charts"]


def add_rows(con: duckdb.DuckDBPyConnection, week: int, tracks: str, sha256: str = "e") -> None:
    for track in tracks:
        con.execute(
            "insert into core.track_weeks (feed, week, track_id, sha256, line) "
            "values ('f', $week, $track, $sha256, 2)",
            {"week": week_number(week), "track": track, "sha256": sha256},
        )
    con.execute(
        """
        insert into raw.exports by name
        select $sha256 as sha256, 'f' as feed, $week as week, 'x.csv' as file_name,
            1 as size_bytes, $n as rows_read, $n as loaded, 0 as duplicate, 0 as quarantined,
            'loaded' as status, 0 as changed_text_count, 0 as changed_metric_count,
            0 as damaged_text_count, 0 as falling_counter_count, 1 as arrival_number,
                now() as loaded_at
        """,
        {"sha256": f"{sha256}{week}", "week": week_number(week), "n": len(tracks)},
    )


def run_week(con: duckdb.DuckDBPyConnection, week: int, *, keeps_stale: bool = False) -> None:
    key: dict[str, object] = {"feed": "f", "week": week_number(week)}
    rewrite_week(con, "f", week_number(week), CHART, NOW)
    mark_run(con, key, RunStamp("run", NOW, "v1"), keeps_stale=keeps_stale)


def first_seen(con: duckdb.DuckDBPyConnection) -> dict[str, dt.date]:
    return dict(con.execute("select track_id, first_seen_week from core.track_history").fetchall())


def stale(con: duckdb.DuckDBPyConnection, week: int) -> str | None:
    state = read_week_state(con, "f", week_number(week))
    assert state is not None
    return state.stale_because if state.is_stale else None


def test_week_that_never_landed_has_no_state() -> None:
    assert read_week_state(make_warehouse(), "f", week_number(1)) is None


def test_week_is_current_once_it_was_run_on_what_it_holds() -> None:
    con = make_warehouse()
    add_rows(con, 1, "ab")
    rewrite_week(con, "f", week_number(1), CHART, NOW)
    before = read_week_state(con, "f", week_number(1))
    run_week(con, 1)
    after = read_week_state(con, "f", week_number(1))

    assert before is not None
    assert (before.rows_count, before.was_run) == (2, False)
    assert after is not None
    assert after.was_run


def test_only_later_weeks_that_were_run_become_stale() -> None:
    con = make_warehouse()
    for week in (1, 2, 3):
        add_rows(con, week, "a")
        run_week(con, week)
    add_rows(con, 4, "a")
    rewrite_week(con, "f", week_number(4), CHART, NOW)

    marked = mark_later_stale(con, "f", week_number(1), "week 1 changed")

    assert marked == (week_number(2), week_number(3))
    assert stale(con, 1) is None
    assert stale(con, 4) is None


def stale_weeks(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "select feed, week, stale_because from core.weeks where is_stale order by feed, week"
    ).fetchall()


def add_run_week(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, format_name: str = CHART.name
) -> None:
    con.execute(
        """
        insert into core.weeks by name
        select $feed as feed, $week as week, $format as format, 1 as rows_count,
            'x' as content_sha256, false as is_stale, $now as loaded_at, $now as scored_at
        """,
        {"feed": feed, "week": week, "format": format_name, "now": NOW},
    )


def test_sister_weeks_become_stale_from_the_first_that_looks_back_so_far() -> None:
    con = make_warehouse()
    changed = week_number(3)
    for days in (-7, 0, 3, 4, 7):
        add_run_week(con, "g", changed + dt.timedelta(days=days))
    add_run_week(con, "f", week_number(4))
    add_run_week(con, "table", week_number(4), "chartmetric")

    mark_sisters_stale(con, "f", changed, CHART, f"week {changed} changed later (correction)")

    because = f"feed f, week {changed} changed later (correction)"
    assert stale_weeks(con) == [
        ("g", changed + dt.timedelta(days=days), because) for days in (4, 7)
    ]


def test_a_format_without_regions_has_no_sister_weeks_to_mark() -> None:
    con = make_warehouse()
    table = load_formats()["chartmetric"]
    add_run_week(con, "g", week_number(4), table.name)

    mark_sisters_stale(con, "f", week_number(1), table, "week 1 changed")

    assert stale_weeks(con) == []


def test_stale_week_stays_stale_when_it_is_only_scored_again() -> None:
    con = make_warehouse()
    for week in (1, 2):
        add_rows(con, week, "a")
        run_week(con, week)
    mark_later_stale(con, "f", week_number(1), "week 1 changed")

    run_week(con, 2, keeps_stale=True)

    assert stale(con, 2) == "week 1 changed"


def test_replay_in_order_clears_stale_weeks_one_by_one() -> None:
    con = make_warehouse()
    for week in (1, 2, 3):
        add_rows(con, week, "a")
        run_week(con, week)
    mark_later_stale(con, "f", week_number(1), "week 1 changed")

    run_week(con, 3)
    assert stale(con, 3) == f"week {week_number(2)} is stale"
    run_week(con, 2)
    run_week(con, 3)

    assert stale(con, 2) is None
    assert stale(con, 3) is None


def test_first_sight_is_the_oldest_week_in_whatever_order_weeks_arrive() -> None:
    con = make_warehouse()
    for week, tracks in ((2, "ab"), (3, "abc"), (1, "a")):
        add_rows(con, week, tracks)
        update_history(con, "f", week_number(week), rows_left=False)

    assert first_seen(con) == {"a": week_number(1), "b": week_number(2), "c": week_number(3)}


def test_first_sight_moves_on_when_rows_leave_a_week() -> None:
    con = make_warehouse()
    for week, tracks in ((1, "ab"), (2, "ab")):
        add_rows(con, week, tracks)
        update_history(con, "f", week_number(week), rows_left=False)
    con.execute(
        "delete from core.track_weeks where week = $week and track_id = 'b'",
        {"week": week_number(1)},
    )

    update_history(con, "f", week_number(1), rows_left=True)

    assert first_seen(con) == {"a": week_number(1), "b": week_number(2)}


def test_track_that_left_every_week_is_forgotten() -> None:
    con = make_warehouse()
    add_rows(con, 1, "ab")
    update_history(con, "f", week_number(1), rows_left=False)
    con.execute("delete from core.track_weeks where track_id = 'b'")

    update_history(con, "f", week_number(1), rows_left=True)

    assert list(first_seen(con)) == ["a"]
