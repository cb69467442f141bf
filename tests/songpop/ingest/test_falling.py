import polars as pl

from songpop.formats.registry import load_formats
from songpop.ingest.falling import flag_falling_counters
from tests.builders import make_warehouse, week_number

SPEC = load_formats()["chartmetric"]


def make_rows(week: int, counts: dict[str, int | None]) -> pl.DataFrame:
    columns = {
        column.name: [None] * len(counts)
        for column in SPEC.metrics
        if column.name != "youtube_views_count"
    }
    return pl.DataFrame(
        {
            "feed": ["f"] * len(counts),
            "week": [week_number(week)] * len(counts),
            "track_id": list(counts),
            "sha256": [f"export {week}"] * len(counts),
            "line": list(range(2, 2 + len(counts))),
            "youtube_views_count": list(counts.values()),
            **columns,
        },
        schema_overrides={"youtube_views_count": pl.Int64} | dict.fromkeys(columns, pl.Int64),
    )


def find_falling(weeks: dict[int, dict[str, int | None]]) -> list[tuple[object, ...]]:
    con = make_warehouse()
    for week, counts in weeks.items():
        rows = make_rows(week, counts)
        con.register("new_rows", rows)
        con.execute("insert into core.track_weeks by name select * from new_rows")
        con.execute(
            """
            insert into core.weeks by name
            select 'f' as feed, $week as week, 'chartmetric' as format, 1 as rows_count,
                'x' as content_sha256, false as is_stale, now() as loaded_at
            """,
            {"week": week_number(week)},
        )
    count = flag_falling_counters(con, "f", week_number(max(weeks)), SPEC)
    found = con.execute("select count(*) from core.falling_counters").fetchone()
    assert found == (count,)
    return con.execute(
        "select track_id, column_name, before, after from core.falling_counters order by all"
    ).fetchall()


def test_counter_below_the_week_before_is_flagged_with_both_values() -> None:
    found = find_falling({1: {"a": 100, "b": 50}, 2: {"a": 99, "b": 51}})

    assert found == [("a", "youtube_views_count", 100, 99)]


def test_equal_missing_and_new_counters_do_not_fall() -> None:
    assert find_falling({1: {"a": 100, "b": 5}, 2: {"a": 100, "b": None, "c": 1}}) == []


def test_without_the_week_before_nothing_falls() -> None:
    assert find_falling({1: {"a": 100}, 3: {"a": 1}}) == []
