"""A snapshot of the newest weeks alone; what is older stays in Parquet and the private file."""

from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from songpop.errors import InputError
from songpop.export.tables import Wanted, read_frames
from songpop.formats.registry import load_formats
from songpop.settings import MaintenanceSettings, Settings
from songpop.warehouse.audit_publication import audit_publication
from songpop.warehouse.doctor import examine_open
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.published import (
    list_shown,
    published_tables,
    read_snapshot_weeks,
    settle_snapshot_weeks,
)
from songpop.warehouse.query import open_snapshot
from songpop.warehouse.writer import open_writer
from songpop.weekly.audit import audit_pages
from songpop.weekly.index import make_index
from songpop.weekly.read import list_entries
from songpop.weekly.write import INDEX, make_up_pages, rebuild_pages, report_week
from tests.builders import NOW, week_number
from tests.songpop.warehouse.make_warehouse import (
    add_labels,
    add_scores,
    add_week,
    make_healthy,
    rescore,
)


def weeks_shown(paths: WarehousePaths, table: str = "mart.weekly_scores") -> list[int]:
    """Return the numbers of feed us's weeks in a table of the snapshot."""
    numbers = {week_number(number): number for number in range(1, 60)}
    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        rows = snapshot.execute(
            f"select distinct week from {table} where feed = 'us' order by week"
        ).fetchall()
    return [numbers[week] for (week,) in rows]


def make_limited(root: Path, most: int) -> tuple[WarehousePaths, duckdb.DuckDBPyConnection]:
    """Return a healthy warehouse whose snapshot shows the newest weeks alone."""
    paths, con = make_healthy(root)
    settle_snapshot_weeks(con, most)
    assert publish(con, paths).is_rebuilt
    return paths, con


def add_scored(con: duckdb.DuckDBPyConnection, number: int) -> None:
    add_week(con, "us", number, "abc", scores=(0.9, 0.5, 0.2), version="us-2")
    mark_revised(con, [("us", week_number(number))])


def test_snapshot_holds_the_newest_weeks_of_each_feed_alone(tmp_path: Path) -> None:
    paths, con = make_limited(tmp_path, most=2)

    assert weeks_shown(paths) == [3, 6]
    assert weeks_shown(paths, "ml.labels") == []
    assert all(paths.parquet("us", week_number(number)).exists() for number in (2, 3, 6))
    assert con.execute("select count(*) from ml.labels").fetchall() == [(3,)]
    assert [f for f in examine_open(con, paths) if f.severity == "error"] == []
    con.close()


def test_newer_week_takes_the_place_of_the_oldest_in_a_copy(tmp_path: Path) -> None:
    paths, con = make_limited(tmp_path, most=2)
    add_scored(con, 7)

    result = publish(con, paths)

    assert result.is_rebuilt is False
    assert result.written == (("us", week_number(7)),)
    assert weeks_shown(paths) == [6, 7]
    assert audit_publication(con, paths) == []
    con.close()


def test_week_that_is_unloaded_gives_its_place_back(tmp_path: Path) -> None:
    paths, con = make_limited(tmp_path, most=2)
    con.execute("delete from mart.weekly_scores where week = $week", {"week": week_number(6)})
    con.execute("delete from mart.superseded_scores where week = $week", {"week": week_number(6)})
    mark_revised(con, [("us", week_number(6))])

    assert publish(con, paths).is_rebuilt is False

    assert weeks_shown(paths) == [2, 3]
    assert weeks_shown(paths, "ml.labels") == [2]
    assert audit_publication(con, paths) == []
    con.close()


def test_older_week_that_changes_is_renewed_as_parquet_alone(tmp_path: Path) -> None:
    paths, con = make_limited(tmp_path, most=2)
    rescore(con, 2, "again")

    result = publish(con, paths)

    assert result.written == (("us", week_number(2)),)
    assert weeks_shown(paths) == [3, 6]
    path = str(paths.parquet("us", week_number(2)))
    runs = con.execute("select distinct run_id from read_parquet($path)", {"path": path})
    assert runs.fetchall() == [("again",)]
    assert audit_publication(con, paths) == []
    con.close()


@pytest.mark.parametrize("most", [None, 3])
def test_more_weeks_are_there_again_once_they_are_asked_for(
    tmp_path: Path, most: int | None
) -> None:
    paths, con = make_limited(tmp_path, most=2)
    settle_snapshot_weeks(con, most)

    (note,) = [f for f in audit_publication(con, paths) if f.check == "snapshot"]
    assert note.severity == "note"
    assert publish(con, paths).is_rebuilt

    assert weeks_shown(paths) == [2, 3, 6]
    assert weeks_shown(paths, "ml.labels") == [2]
    assert publish(con, paths).is_rebuilt is False
    con.close()


def test_snapshot_that_lacks_a_week_it_should_hold_is_found(tmp_path: Path) -> None:
    paths, con = make_limited(tmp_path, most=2)
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot)) as snapshot:
        snapshot.execute("delete from mart.weekly_scores where week = ?", [week_number(3)])
    paths.snapshot.chmod(0o444)

    (finding,) = audit_publication(con, paths)

    assert str(week_number(3)) in finding.subject
    con.close()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_it_holds_the_newest_weeks_as_they_are(tmp_path: Path, seed: int) -> None:
    paths, con = make_limited(tmp_path, most=3)
    rng = np.random.default_rng(seed)
    scored = {2, 3, 6}
    for _ in range(12):
        number = int(rng.integers(2, 30))
        if number in scored and rng.random() < 0.5 and len(scored) > 1:
            for table in published_tables("weekly"):
                con.execute(f"delete from {table} where week = ?", [week_number(number)])
            scored.remove(number)
        elif number in scored:
            con.execute(
                "update mart.weekly_scores set run_id = 'new' where week = ?",
                [week_number(number)],
            )
        else:
            add_scores(con, "us", number, {"a": 0.9, "b": 0.1})
            add_labels(con, "us", number, "ab", highs="a")
            scored.add(number)
        mark_revised(con, [("us", week_number(number))])
        if rng.random() < 0.2:
            settle_snapshot_weeks(con, (2, 3, 5, None)[rng.integers(4)])

        publish(con, paths)

        most = read_snapshot_weeks(con)
        assert weeks_shown(paths) == sorted(scored)[-most if most else None :]
        for table in published_tables("weekly"):
            assert rows_of(paths, table) == rows_shown_of(con, table)
        assert {path.stem for path in paths.published.rglob("*.parquet")} == {
            f"week={week_number(number)}" for number in scored
        }
        assert audit_publication(con, paths) == []
    con.close()


def rows_of(paths: WarehousePaths, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        return sorted(snapshot.execute(f"from {table}").fetchall(), key=repr)


def rows_shown_of(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    """Return what a table of the private file has for the weeks that are to be shown."""
    shown = set(list_shown(con))
    relation = con.sql(f"from {table}")
    feed, week = (relation.columns.index(name) for name in ("feed", "week"))
    rows = [row for row in relation.fetchall() if (row[feed], row[week]) in shown]
    return sorted(rows, key=repr)


def test_setting_reaches_the_next_publication(tmp_path: Path) -> None:
    settings = Settings(
        warehouse=tmp_path / "warehouse", maintenance=MaintenanceSettings(snapshot_weeks=12)
    )
    with open_writer(settings, load_formats(), "a test", NOW) as con:
        assert read_snapshot_weeks(con) == 12

    with open_writer(Settings(warehouse=settings.warehouse), load_formats(), "a test", NOW) as con:
        assert read_snapshot_weeks(con) is None


def test_page_of_an_older_week_stays_and_cannot_be_made_anew(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    rebuild_pages(paths, "us", week_number(2))
    before = paths.page("us", week_number(2)).read_bytes()
    settle_snapshot_weeks(con, 2)
    publish(con, paths)

    with pytest.raises(InputError, match="its page is as it was"):
        rebuild_pages(paths, "us", week_number(2))
    rebuild_pages(paths, None, None)
    report_week(paths, "us", week_number(6), is_last=True)
    make_up_pages(paths, but=())

    assert audit_pages(paths) == []
    assert paths.page("us", week_number(2)).read_bytes() == before
    index = (paths.reports / INDEX).read_text(encoding="utf-8")
    assert f'us/{week_number(2)}.html"' in index
    con.close()


def test_page_of_an_older_week_that_is_run_again_goes(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    rebuild_pages(paths, "us", week_number(2))
    settle_snapshot_weeks(con, 2)
    rescore(con, 2, "again")
    publish(con, paths)

    assert report_week(paths, "us", week_number(2), is_last=False) == ()

    assert not paths.page("us", week_number(2)).exists()
    assert not paths.page("us", week_number(2)).with_suffix(".png").exists()
    con.close()


def test_index_does_not_say_of_an_older_week_that_it_has_no_scores(tmp_path: Path) -> None:
    paths, con = make_limited(tmp_path, most=2)

    with open_snapshot(paths) as snapshot:
        entries = list_entries(snapshot, "us")

    assert [entry.week for entry in entries if entry.is_hidden] == [week_number(2)]
    # Of six weeks three were loaded without scores.
    assert make_index(entries, ()).count("no scores yet") == 3
    con.close()


@pytest.mark.parametrize("feed", [None, "us"])
@pytest.mark.parametrize("table", [None, "mart.weekly_scores", "ml.labels"])
def test_export_of_an_older_week_says_where_it_is(
    tmp_path: Path, table: str | None, feed: str | None
) -> None:
    paths, con = make_limited(tmp_path, most=2)
    # Another feed still shows that week; an export of both would look whole.
    add_week(con, "gb", 2, "a", scores=[0.9])
    add_labels(con, "gb", 2, "a", highs="a")
    mark_revised(con, [("gb", week_number(2))])
    publish(con, paths)

    with open_snapshot(paths) as snapshot:
        said = r"week \S+ of us: .*published/weekly_scores.*snapshot_weeks"
        with pytest.raises(InputError, match=said):
            list(read_frames(snapshot, Wanted(table, feed, week_number(2))))
        shown = pl.concat(read_frames(snapshot, Wanted(table, "gb", week_number(2))))
        never_scored = pl.concat(read_frames(snapshot, Wanted(table, feed, week_number(5))))
    assert shown.height == 1
    assert never_scored.is_empty()
    con.close()


def test_file_does_not_grow_with_the_weeks_that_left_it(tmp_path: Path) -> None:
    paths, con = make_limited(tmp_path, most=4)
    sizes: list[int] = []
    for number in range(10, 30):
        con.execute(
            """
            insert into mart.weekly_scores by name
            select
                scores.* exclude (week, track_id, rank, title),
                $week::date as week,
                md5(concat(range, $week)) as track_id,
                md5(concat($week, range)) as title,
                range + 1 as rank
            from mart.weekly_scores as scores, range(20_000)
            where week = $from_week and track_id = 'a'
            """,
            {"week": week_number(number), "from_week": week_number(6)},
        )
        mark_revised(con, [("us", week_number(number))])
        publish(con, paths)
        sizes.append(paths.snapshot.stat().st_size)

    assert max(sizes[8:]) <= 1.5 * sizes[4]
    con.close()
