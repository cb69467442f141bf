import re
from pathlib import Path

import pytest

from songpop.errors import FormatError, InputError, LandingError
from songpop.reproduce.read import read_rows
from songpop.settings import IngestSettings
from tests.builders import week_number, write_chart
from tests.real_data import real_data
from tests.songpop.reproduce.builders import FORMATS, make_records, read_records, write_records


def test_rows_keep_the_order_of_the_file_and_repeats_count(tmp_path: Path) -> None:
    records = make_records(220)
    records.insert(3, records[2])
    export = read_records(tmp_path, records)

    assert export.rows.height == 221
    assert export.left_out_count == 0
    assert export.rows["title"].to_list() == [record["Track"] for record in records]


def test_few_unreadable_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    records = make_records(220)
    records[0]["Spotify Streams"] = "1,2,3"
    records[1]["Track Score"] = ""
    export = read_records(tmp_path, records)

    assert (export.rows.height, export.left_out_count) == (218, 2)
    assert export.rows["title"][0] == records[2]["Track"]


def test_many_unreadable_rows_are_refused_with_the_first_of_them(tmp_path: Path) -> None:
    records = make_records(220)
    for record in records[5:30]:
        record["Spotify Streams"] = "1.5"
    message = (
        r"tracks.csv: expected rows that can be read .*, got 25 of 220 that cannot or do not, "
        r"line 7 for a fraction .*; mend the export"
    )
    with pytest.raises(InputError, match=message):
        read_records(tmp_path, records)


def test_table_without_track_scores_is_refused(tmp_path: Path) -> None:
    records = [record | {"Track Score": ""} for record in make_records(220)]
    with pytest.raises(InputError, match="got 220 of 220 that cannot or do not; mend"):
        read_records(tmp_path, records)


def test_too_few_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tracks\.csv: expected at least 200 rows, got 199; pass"):
        read_records(tmp_path, make_records(199))


def test_header_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected at least 200 rows, got 0"):
        read_records(tmp_path, [])


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"nosuch\.csv: expected a readable file, got no such"):
        read_rows(tmp_path / "nosuch.csv", FORMATS, IngestSettings())


def test_file_of_no_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    message = r"other\.csv: expected a header of one of the formats"
    with pytest.raises(FormatError, match=message):
        read_rows(path, FORMATS, IngestSettings())


def test_export_without_its_source_column_is_refused_by_that_name(tmp_path: Path) -> None:
    path = write_records(tmp_path / "tracks.csv", make_records(220))
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub("Track Score", "Score", text), encoding="utf-8")
    with pytest.raises(FormatError, match=r'missing 1: "Track Score", unknown 1: "Score"'):
        read_rows(path, FORMATS, IngestSettings())


def test_format_without_a_snapshot_source_is_refused(tmp_path: Path) -> None:
    path = write_chart(tmp_path, week_number(1), [("a", 400), ("b", 300)])
    message = "expected an export with a snapshot source.*, got one of the format spotify_charts"
    with pytest.raises(FormatError, match=message):
        read_rows(path, FORMATS, IngestSettings())


@pytest.mark.real_data
def test_all_rows_of_the_published_table_are_read() -> None:
    path = real_data("chartmetric_2024/top_songs.csv")
    export = read_rows(path, FORMATS, IngestSettings())

    assert (export.rows.height, export.left_out_count) == (4_600, 0)
    assert export.rows["track_id"].n_unique() == 4_598
