from pathlib import Path

import duckdb
import pytest

from songpop.formats.registry import load_formats
from songpop.ingest.arrive import Arrival, arrive
from songpop.ingest.differences import ROW
from songpop.ingest.identity import identify
from songpop.ingest.landing import land_file
from songpop.ingest.stage import stage_export
from songpop.settings import IngestSettings
from tests.builders import NOW, ChartRow, make_warehouse, spotify_uri, week_number, write_chart

WEEK = week_number(1)
ROWS: list[ChartRow] = [("a", 400), ("b", 300), ("c", 200), ("d", 100)]


def bring(con: duckdb.DuckDBPyConnection, path: Path) -> Arrival:
    formats = load_formats()
    settings = IngestSettings()
    file = land_file(path)
    identity = identify(file, formats)
    staged = stage_export(con, file, identity, settings)
    return arrive(con, staged, settings, "run", NOW)


def streams(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    rows = con.execute("select track_id, streams_week_count from core.track_weeks").fetchall()
    return {uri.removeprefix("spotify:track:").lstrip("0"): count for uri, count in rows}


def counts(arrival: Arrival) -> tuple[int, int, int, int]:
    return arrival.rows_read, arrival.loaded, arrival.duplicate, arrival.quarantined


def test_first_export_of_a_week_is_loaded(tmp_path: Path) -> None:
    con = make_warehouse()

    arrival = bring(con, write_chart(tmp_path, WEEK, ROWS))

    assert arrival.kind == "first"
    assert arrival.changes_metrics
    assert counts(arrival) == (4, 4, 0, 0)
    assert streams(con) == dict(ROWS)


def test_export_that_shares_half_of_its_keys_replaces_the_older_one(tmp_path: Path) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "old", WEEK, ROWS))
    corrected = [("a", 400), ("b", 350), ("x", 50), ("y", 40)]

    arrival = bring(con, write_chart(tmp_path / "new", WEEK, corrected))

    assert arrival.kind == "correction"
    assert streams(con) == dict(corrected)
    whole = con.execute("select * from raw.differences where column_name = $row", {"row": ROW}).pl()
    assert whole.select("track_id", "before", "after").sort("track_id").rows() == [
        *((spotify_uri(gone), spotify_uri(gone), None) for gone in "cd"),
        *((spotify_uri(come), None, spotify_uri(come)) for come in "xy"),
    ]
    statuses = con.execute("select status from raw.exports order by status").fetchall()
    assert statuses == [("loaded",), ("superseded",)]


def test_correction_lists_what_changed(tmp_path: Path) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "old", WEEK, ROWS))

    arrival = bring(con, write_chart(tmp_path / "new", WEEK, [*ROWS[:3], ("d", 101)]))

    assert arrival.changes_metrics
    listed = con.execute(
        "select track_id, column_name, before, after from raw.differences"
    ).fetchall()
    assert listed == [(spotify_uri("d"), "streams_week_count", "100", "101")]


def test_correction_of_text_alone_changes_no_metric(tmp_path: Path) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "old", WEEK, ROWS))
    path = write_chart(tmp_path / "new", WEEK, ROWS)
    path.write_text(path.read_text(encoding="utf-8").replace("Song a", "Song A"), encoding="utf-8")

    arrival = bring(con, path)

    assert arrival.kind == "correction"
    assert not arrival.changes_metrics
    assert arrival.differences.text_count == 1
    title = con.execute(
        "select title from core.track_weeks where track_id = $t", {"t": spotify_uri("a")}
    ).fetchone()
    assert title == ("Song A",)


def test_export_of_mostly_new_keys_is_added(tmp_path: Path) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "one", WEEK, ROWS))
    more = [("e", 90), ("f", 80), ("g", 70)]

    arrival = bring(con, write_chart(tmp_path / "two", WEEK, more))

    assert arrival.kind == "supplement"
    assert streams(con) == dict([*ROWS, *more])


def test_supplement_that_repeats_or_contradicts_a_row_loses_that_row_only(tmp_path: Path) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "one", WEEK, [("a", 400), ("b", 300)]))
    more = [(f"n{number}", 90 - number) for number in range(20)]
    # The same rank, streams and name as in the first export: an exact repeat of its row.
    path = write_chart(tmp_path / "two", WEEK, [("a", 400), ("b", 299), *more])

    arrival = bring(con, path)

    assert arrival.kind == "supplement"
    assert counts(arrival) == (22, 20, 1, 1)
    assert streams(con) == {"a": 400, "b": 300} | dict(more)
    rejected = con.execute("select line, reason, raw_text from raw.quarantine").fetchall()
    assert [(line, reason) for line, reason, _ in rejected] == [(3, "contradicts_week")]
    assert spotify_uri("b") in rejected[0][2]


def test_supplement_that_contradicts_too_many_rows_is_refused_whole(tmp_path: Path) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "one", WEEK, [("a", 400), ("b", 300)]))

    arrival = bring(con, write_chart(tmp_path / "two", WEEK, [("b", 299), ("e", 90), ("f", 80)]))

    assert (arrival.kind, arrival.reason) == ("refused", "too_many_bad_rows")
    assert counts(arrival) == (3, 0, 0, 3)
    assert streams(con) == {"a": 400, "b": 300}
    reasons = con.execute("select reason, count(*) from raw.quarantine group by all").fetchall()
    assert dict(reasons) == {"contradicts_week": 1, "export_refused": 2}


def test_whole_export_replaces_the_first_one_and_its_supplement(tmp_path: Path) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "one", WEEK, [("a", 400), ("b", 300), ("c", 200)]))
    bring(con, write_chart(tmp_path / "two", WEEK, [("x", 9), ("y", 8)]))

    new = [("a", 401), ("b", 301), ("c", 201), ("x", 10), ("y", 9)]
    arrival = bring(con, write_chart(tmp_path / "three", WEEK, new))

    assert arrival.kind == "correction"
    assert streams(con) == dict(new)
    statuses = con.execute("select status from raw.exports order by arrival_number").fetchall()
    assert statuses == [("superseded",), ("superseded",), ("loaded",)]


def test_correction_that_contradicts_a_supplement_too_often_replaces_nothing(
    tmp_path: Path,
) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "one", WEEK, [("a", 400), ("b", 300), ("c", 200)]))
    bring(con, write_chart(tmp_path / "two", WEEK, [("x", 9), ("y", 8)]))

    new = [("a", 401), ("b", 301), ("c", 201), ("x", 10)]
    arrival = bring(con, write_chart(tmp_path / "three", WEEK, new))

    assert arrival.kind == "refused"
    assert streams(con) == {"a": 400, "b": 300, "c": 200, "x": 9, "y": 8}
    statuses = con.execute("select status from raw.exports order by status").fetchall()
    assert statuses == [("loaded",), ("loaded",), ("refused",)]


def test_refused_export_leaves_the_week_as_it_was(tmp_path: Path) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "old", WEEK, ROWS))
    path = write_chart(tmp_path / "new", WEEK, ROWS)
    path.write_text(path.read_text(encoding="utf-8").replace(",400,", ",4.5,"), encoding="utf-8")

    arrival = bring(con, path)

    assert arrival.kind == "refused"
    assert counts(arrival) == (4, 0, 0, 4)
    assert streams(con) == dict(ROWS)
    recorded = con.execute("select status, reason from raw.exports where status = 'refused'")
    assert recorded.fetchall() == [("refused", "too_many_bad_rows")]


def test_refused_export_that_is_tried_again_has_one_record_and_its_rows_once(
    tmp_path: Path,
) -> None:
    con = make_warehouse()
    path = write_chart(tmp_path, WEEK, ROWS)
    path.write_text(path.read_text(encoding="utf-8").replace(",400,", ",4.5,"), encoding="utf-8")

    first, again = bring(con, path), bring(con, path)

    assert first.kind == again.kind == "refused"
    assert con.execute("select status from raw.exports").fetchall() == [("refused",)]
    assert con.execute("select count(*) from raw.quarantine").fetchone() == (4,)


@pytest.mark.parametrize("new", [ROWS, [("a", 1)], [("x", 1), ("y", 2), ("z", 3)]])
def test_every_row_is_accounted_for_whatever_arrives(tmp_path: Path, new: list[ChartRow]) -> None:
    con = make_warehouse()
    bring(con, write_chart(tmp_path / "old", WEEK, ROWS))

    bring(con, write_chart(tmp_path / "new", WEEK, [*new, ("q", 77)]))

    totals = con.execute(
        "select rows_read - loaded - duplicate - quarantined from raw.exports"
    ).fetchall()
    assert totals == [(0,), (0,)]
