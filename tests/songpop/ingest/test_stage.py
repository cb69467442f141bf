import datetime as dt
import gzip
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from songpop.errors import CheckError, FormatError, InputError, LandingError
from songpop.ingest import stage as stage_module
from songpop.ingest.identity import identify
from songpop.ingest.landed import land_file
from songpop.ingest.landing import hash_file
from songpop.ingest.reasons import IMPLAUSIBLE, REASONS, REFUSALS
from songpop.ingest.stage import StagedExport, stage_export
from songpop.settings import IngestSettings
from tests.real_data import real_data
from tests.songpop.ingest.exports import (
    FORMATS,
    HEADER,
    LENIENT,
    join,
    make_cells,
    make_text,
    stage,
    write,
)

GOOD = make_cells(1)


def stage_text(folder: Path, content: str | bytes, name: str = "chartmetric-2024-06-13.csv"):  # noqa: ANN201 - the builder's type
    return stage(write(folder, content, name))


def test_cells_become_typed_values_and_nothing_else_changes(tmp_path: Path) -> None:
    staged = stage_text(
        tmp_path, make_text(make_cells(1, Track=' "Best"\tof, ', Shazam_Counts="0"))
    )

    row = staged.rows.row(0, named=True)
    assert staged.counts == (1, 1, 0, 0)
    assert row["title"] == ' "Best"\tof, '
    assert row["release_date"] == dt.date(2024, 4, 26)
    assert row["spotify_streams_count"] == 390_470_936
    assert row["track_score"] == 725.4
    assert (row["is_explicit"], row["shazam_count"], row["flags"]) == (False, 0, None)
    assert row["tidal_popularity_index"] is None
    assert row["label_name"] is None


def test_staged_columns_follow_the_order_of_track_weeks(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, make_text(GOOD))

    metrics = [column.name for column in FORMATS["chartmetric"].metrics]
    assert staged.rows.columns == [
        *("line", "track_id", "title", "artist_name", "album_name", "label_name"),
        *("release_date", "is_explicit", "flags"),
        *metrics,
    ]


@pytest.mark.parametrize(
    ("header", "column", "cell", "reason"),
    [
        ("Spotify_Streams", "spotify_streams_count", "1.5", "not_whole"),
        ("Spotify_Streams", "spotify_streams_count", "1e3", "not_whole"),
        ("Spotify_Streams", "spotify_streams_count", "12,34,5", "bad_thousands"),
        ("Spotify_Streams", "spotify_streams_count", "-5", "negative"),
        ("Spotify_Streams", "spotify_streams_count", "+5", "unreadable_number"),
        ("Spotify_Streams", "spotify_streams_count", " 5", "unreadable_number"),
        ("Spotify_Streams", "spotify_streams_count", "5_0", "unreadable_number"),
        ("Spotify_Streams", "spotify_streams_count", "0x1F", "unreadable_number"),
        ("Spotify_Streams", "spotify_streams_count", "9" * 30, "too_large"),
        ("Spotify_Popularity", "spotify_popularity_index", "101", "too_large"),
        ("All_Time_Rank", "all_time_rank", "0", "too_small"),
        ("Track_Score", "track_score", "1e3", "unreadable_number"),
        ("Track_Score", "track_score", "nan", "unreadable_number"),
        ("Release_Date", "release_date", "2/30/2024", "impossible_date"),
        ("Release_Date", "release_date", "1/1/1899", "impossible_date"),
        ("Release_Date", "release_date", "6/15/2025", "impossible_date"),
        ("Release_Date", "release_date", "4/26/24", "two_digit_year"),
        ("Release_Date", "release_date", "2024-04-26", "unreadable_date"),
        ("ISRC", "track_id", "", "empty_key"),
        ("ISRC", "track_id", "US1 ", "unreadable_key"),
        ("Explicit_Track", "is_explicit", "yes", "unreadable_flag"),
        ("Track", "title", "a\x1b[31mb", "control_character"),
        ("ISRC", "track_id", "US\t1", "control_character"),
    ],
)
def test_bad_cell_quarantines_its_row_with_line_column_reason_and_text(
    tmp_path: Path, header: str, column: str, cell: str, reason: str
) -> None:
    bad = make_cells(2, **{header: cell})
    staged = stage_text(tmp_path, make_text(GOOD, bad, make_cells(3)))

    assert staged.reasons == [(3, column, reason)]
    assert staged.counts == (3, 2, 0, 1)
    assert staged.export.bad["raw_text"][0] == join(bad).replace("\x1b", "\\x1b")


def test_every_bad_cell_of_a_row_is_listed_and_the_row_counts_once(tmp_path: Path) -> None:
    bad = make_cells(1, Release_Date="never", Spotify_Streams="-1", ISRC="")
    staged = stage_text(tmp_path, make_text(bad, make_cells(2)))

    assert staged.counts == (2, 1, 0, 1)
    assert staged.reasons == [
        (2, "release_date", "unreadable_date"),
        (2, "track_id", "empty_key"),
        (2, "spotify_streams_count", "negative"),
    ]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (join(GOOD[:-1]), "too_few_cells"),
        (join([*GOOD, ""]), "too_many_cells"),
        (join(GOOD).replace("Song 1", 'So"ng 1'), "unterminated_quote"),
        (join(GOOD).replace("Song 1", 'So"n"g 1'), "stray_quote"),
        (join(GOOD).replace("Song 1", '"Song 1" '), "stray_quote"),
        (join(GOOD).replace("Song 1", '"Song 1'), "unterminated_quote"),
        ("   ", "too_few_cells"),
        ("x" * 5_000, "line_too_long"),
    ],
)
def test_record_that_cannot_be_divided_is_cut_out_alone(
    tmp_path: Path, record: str, reason: str
) -> None:
    short_lines = IngestSettings.model_validate({"max_bad_share": 1.0, "max_line_bytes": 3_000})
    path = write(tmp_path, make_text(make_cells(2), record, make_cells(3)))
    staged = stage(path, short_lines)

    assert staged.reasons == [(3, None, reason)]
    assert staged.counts == (3, 2, 0, 1)
    assert staged.rows["line"].to_list() == [2, 4]
    assert staged.export.bad["raw_text"][0] == (
        record if len(record) < 1_000 else "x" * 1_000 + "…"
    )


def test_nul_byte_quarantines_its_row_and_names_the_column(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, make_text(make_cells(1, Artist="a\0b"), make_cells(2)))

    assert staged.reasons == [(2, "artist_name", "nul_byte")]
    assert staged.counts == (2, 1, 0, 1)
    assert "a\\x00b" in staged.export.bad["raw_text"][0]


def test_cell_over_several_lines_is_one_row_and_later_lines_keep_their_numbers(
    tmp_path: Path,
) -> None:
    staged = stage_text(
        tmp_path, make_text(make_cells(1, Track="a\nb\r\nc"), make_cells(2, ISRC=""), make_cells(3))
    )

    assert staged.rows["title"].to_list() == ["a\nb\r\nc", "Song 3"]
    assert staged.rows["line"].to_list() == [2, 6]
    assert staged.reasons == [(5, "track_id", "empty_key")]


def test_quote_that_is_never_closed_buries_no_rows(tmp_path: Path) -> None:
    open_quote = join(make_cells(2)).replace("Song 2", '"Song 2')
    closing = join(make_cells(4)).replace("Song 4", 'Song 4"')
    staged = stage_text(tmp_path, make_text(GOOD, open_quote, make_cells(3), closing))

    assert staged.counts == (4, 2, 0, 2)
    assert staged.rows["line"].to_list() == [2, 4]
    assert [reason for _, _, reason in staged.reasons] == ["unterminated_quote"] * 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(tmp_path: Path, end: str) -> None:
    staged = stage_text(tmp_path, make_text(GOOD, make_cells(2, ISRC=""), make_cells(3), end=end))

    assert staged.counts == (3, 2, 0, 1)
    assert staged.rows["line"].to_list() == [2, 4]
    assert staged.reasons == [(3, "track_id", "empty_key")]


def test_mixed_line_ends_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    lines = [join(HEADER), "\r\n", join(GOOD), "\r", join(make_cells(2)), "\n\n\r\n", join(GOOD)]
    staged = stage_text(tmp_path, "".join(lines))

    assert staged.counts == (3, 2, 1, 0)
    assert staged.rows["line"].to_list() == [2, 3]


def test_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, b"\xef\xbb\xbf" + make_text(GOOD).encode())

    assert staged.counts == (1, 1, 0, 0)


def test_reordered_columns_and_other_case_are_the_same_export(tmp_path: Path) -> None:
    order = list(reversed(range(len(HEADER))))
    header = [f" {HEADER[i].upper()} " for i in order]
    staged = stage_text(tmp_path, make_text([GOOD[i] for i in order], header=header))

    assert staged.rows["track_id"].to_list() == ["US0000000001"]
    assert staged.rows["spotify_streams_count"].to_list() == [390_470_936]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Beyonc\ufffd".encode(), "Beyonc\ufffd"),
        (b"Beyonc\xef\xbf", "Beyonc\u00ef\u00bf"),
        (b"th\xef\xbf\xbd\xef", "th\u00ef\u00bf\u00bd\u00ef"),
        (b"\xfd\xfdchame", "\u00fd\u00fdchame"),
        (b"don\x92t", "don\x92t"),
    ],
)
def test_damaged_names_are_loaded_as_decoded_flagged_and_counted(
    tmp_path: Path, cell: bytes, text: str
) -> None:
    content = make_text(make_cells(1, Artist="NAME"), make_cells(2)).encode()
    staged = stage_text(tmp_path, content.replace(b"NAME", cell))

    assert staged.rows["artist_name"].to_list() == [text, "Artist 2"]
    assert staged.rows["flags"].to_list() == ["damaged_text", None]
    assert staged.export.damaged_text_count == 1


def test_text_that_is_no_utf8_is_read_as_latin1_where_the_layout_allows(tmp_path: Path) -> None:
    content = make_text(make_cells(1, Artist="Beyonc\u00e9"), make_cells(2)).encode("latin-1")
    staged = stage_text(tmp_path, content)

    assert staged.export.encoding == "latin-1"
    assert staged.rows["artist_name"].to_list() == ["Beyonc\u00e9", "Artist 2"]
    assert staged.export.damaged_text_count == 0


CHART_HEADER = (
    "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,weeks_on_chart,streams"
)


def make_chart(*records: bytes, header: str = CHART_HEADER) -> bytes:
    return b"\n".join([header.encode(), *records, b""])


def chart_record(number: int, artist: bytes = b"Artist") -> bytes:
    return f"{number},spotify:track:{number:022d},".encode() + artist + b",Song,Label,1,-1,1,1000"


def test_bytes_that_are_no_utf8_quarantine_their_row_where_the_layout_is_utf8(
    tmp_path: Path,
) -> None:
    content = make_chart(chart_record(1), chart_record(2, b"Beyonc\xe9"), chart_record(3))
    staged = stage_text(tmp_path, content, "regional-us-weekly-2024-06-13.csv")

    assert staged.reasons == [(3, "artist_name", "bad_encoding")]
    assert staged.counts == (3, 2, 0, 1)
    assert "Beyonc\\xe9" in staged.export.bad["raw_text"][0]


def test_null_values_links_and_missing_columns_follow_the_format(tmp_path: Path) -> None:
    header = "Position,Track Name,Artist,Streams,URL"
    link = b"https://open.spotify.com/track/" + b"a" * 22
    content = make_chart(b"1,Song,Artist,1000," + link, b"2,Song,Artist,900,nowhere", header=header)
    staged = stage_text(tmp_path, content, "regional-us-weekly-2024-06-13.csv")

    assert staged.rows["track_id"].to_list() == ["spotify:track:" + "a" * 22]
    assert staged.rows["peak_rank"].to_list() == [None]
    assert staged.reasons == [(3, "track_id", "unreadable_key")]


def test_row_of_another_week_is_quarantined(tmp_path: Path) -> None:
    rows = [chart_record(i) + b",2024-06-13" for i in (1, 2)]
    content = make_chart(*rows, chart_record(3) + b",2024-06-20", header=CHART_HEADER + ",End Date")
    staged = stage_text(tmp_path, content, "regional-us-weekly-2024-06-13.csv")

    assert staged.reasons == [(4, "week", "other_week")]


def test_exact_repeats_are_duplicates_and_the_first_is_kept(tmp_path: Path) -> None:
    same = make_cells(1, Spotify_Streams="390470936")
    staged = stage_text(tmp_path, make_text(GOOD, make_cells(2), same, GOOD))

    assert staged.counts == (4, 2, 2, 0)
    assert staged.rows["line"].to_list() == [2, 3]


def test_rows_that_repeat_a_key_with_other_content_are_all_quarantined(tmp_path: Path) -> None:
    other = make_cells(1, Shazam_Counts="7")
    staged = stage_text(tmp_path, make_text(GOOD, other, make_cells(2), GOOD))

    assert staged.counts == (4, 1, 0, 3)
    assert staged.reasons == [(line, None, "repeated_key") for line in (2, 3, 5)]
    assert staged.export.bad["raw_text"].to_list() == [join(GOOD), join(other), join(GOOD)]


def test_bad_row_is_no_rival_of_a_good_one_with_its_key(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, make_text(GOOD, make_cells(1, Shazam_Counts="x")))

    assert staged.counts == (2, 1, 0, 1)


def test_export_with_too_many_bad_rows_is_refused_whole(tmp_path: Path) -> None:
    text = make_text(GOOD, make_cells(2, ISRC=""), GOOD, join(GOOD[:-1]))
    path = write(tmp_path, text)
    staged = stage(path, IngestSettings.model_validate({"max_bad_share": 0.4}))

    assert staged.export.refused_because == "too_many_bad_rows"
    assert staged.export.refused_because in REFUSALS
    assert staged.counts == (4, 0, 0, 4)
    assert [reason for _, _, reason in staged.reasons] == [
        "export_refused",
        "empty_key",
        "export_refused",
        "too_few_cells",
    ]
    assert staged.export.bad["raw_text"].to_list() == text.splitlines()[1:]


def test_share_of_bad_rows_at_the_limit_is_accepted(tmp_path: Path) -> None:
    path = write(tmp_path, make_text(GOOD, make_cells(2, ISRC="")))
    staged = stage(path, IngestSettings.model_validate({"max_bad_share": 0.5}))

    assert staged.export.refused_because is None
    assert staged.counts == (2, 1, 0, 1)


def refuse_text(folder: Path, text: str) -> tuple[StagedExport, StagedExport, int]:
    """Return an export before and after it is refused whole, and what its table holds then."""
    con = duckdb.connect()
    file = land_file(write(folder, text))
    staged = stage_export(con, file, identify(file, FORMATS, settings=LENIENT), LENIENT)
    refused = staged.refuse(con, IMPLAUSIBLE)
    left = con.execute(f"select count(*) from {refused.table}").fetchall()[0][0]
    return staged, refused, left


def test_refused_export_keeps_every_row_aside_once_and_holds_none(tmp_path: Path) -> None:
    bad = make_cells(2, Spotify_Streams="-5")
    text = make_text(GOOD, bad, GOOD, make_cells(3, Track="damaged \ufffd"))

    staged, refused, left = refuse_text(tmp_path, text)

    assert (staged.loaded, staged.duplicate, staged.quarantined) == (2, 1, 1)
    assert (refused.loaded, refused.duplicate, refused.quarantined) == (0, 0, 4)
    assert (refused.rows_read, refused.damaged_text_count, left) == (4, 0, 0)
    assert refused.refused_because == IMPLAUSIBLE
    assert IMPLAUSIBLE in REFUSALS


def test_refused_export_lists_each_line_with_the_reason_of_its_own_or_the_refusal(
    tmp_path: Path,
) -> None:
    bad = make_cells(2, Spotify_Streams="-5", ISRC="")

    _, refused, _ = refuse_text(tmp_path, make_text(GOOD, bad, make_cells(3)))

    assert refused.bad.select("line", "column_name", "reason").rows() == [
        (2, None, "export_refused"),
        (3, "track_id", "empty_key"),
        (3, "spotify_streams_count", "negative"),
        (4, None, "export_refused"),
    ]
    assert refused.bad["raw_text"].to_list()[0] == join(GOOD)


def test_refusing_leaves_the_staged_export_as_it_was(tmp_path: Path) -> None:
    staged, refused, _ = refuse_text(tmp_path, make_text(GOOD, make_cells(2)))

    assert (staged.refused_because, staged.loaded, staged.bad.height) == (None, 2, 0)
    assert (refused.sha256, refused.file_name) == (staged.sha256, staged.file_name)


def test_export_of_more_rows_than_can_be_listed_cannot_be_refused_row_by_row(
    tmp_path: Path,
) -> None:
    con = duckdb.connect()
    file = land_file(write(tmp_path, make_text(GOOD)))
    staged = stage_export(con, file, identify(file, FORMATS, settings=LENIENT), LENIENT)
    too_many = r"expected at most 2,000,000 rows to quarantine \(max_bad_rows\), got more"

    with pytest.raises(LandingError, match=too_many):
        replace(staged, rows_read=2_000_001).refuse(con, IMPLAUSIBLE)


def test_header_alone_is_refused_for_its_lack_of_rows(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, make_text())

    assert staged.export.refused_because == "no_rows"
    assert staged.counts == (0, 0, 0, 0)


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "csv.zst"])
def test_compression_makes_no_difference_but_for_the_hash(tmp_path: Path, suffix: str) -> None:
    content = make_text(GOOD, make_cells(2, ISRC="")).encode()
    packed = {"csv": bytes, "csv.gz": gzip.compress, "csv.zst": zstandard.compress}[suffix](content)
    staged = stage_text(tmp_path, packed, f"chartmetric-2024-06-13.{suffix}")

    assert staged.counts == (2, 1, 0, 1)
    assert staged.reasons == [(3, "track_id", "empty_key")]
    assert staged.export.size_bytes == len(packed)


def test_parquet_rows_pass_the_same_checks(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        [make_cells(1), make_cells(2, Spotify_Streams="1.5")], HEADER, orient="row"
    )
    path = tmp_path / "chartmetric-2024-06-13.parquet"
    frame.write_parquet(path)
    staged = stage(path)

    assert staged.counts == (2, 1, 0, 1)
    assert staged.reasons == [(2, "spotify_streams_count", "not_whole")]
    assert staged.export.bad["raw_text"][0] == join(make_cells(2, Spotify_Streams="1.5"))


def test_hash_that_is_known_is_not_computed_again(tmp_path: Path) -> None:
    file = land_file(write(tmp_path, make_text(GOOD)))
    identity = identify(file, FORMATS)
    con = duckdb.connect()

    assert stage_export(con, file, identity, LENIENT).sha256 == hash_file(file.path)
    assert stage_export(con, file, identity, LENIENT, sha256="known").sha256 == "known"


def test_lines_that_turn_bad_later_are_added_with_their_text(tmp_path: Path) -> None:
    staged = stage_text(tmp_path, make_text(GOOD, make_cells(2, ISRC=""), make_cells(3)))

    bad = staged.export.with_bad_lines([4], "contradicts_week")

    assert bad["line"].to_list() == [3, 4]
    assert bad.row(1) == (4, None, "contradicts_week", join(make_cells(3)))


def test_every_reason_has_words() -> None:
    source = Path(stage_module.__file__).parent
    used = {
        code for path in source.glob("*.py") for code in REASONS if f'"{code}"' in path.read_text()
    }

    assert used == set(REASONS)


def test_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, b"")

    with pytest.raises(FormatError, match=r"expected a header and rows, got an empty file; export"):
        stage(path)


def test_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, make_text(GOOD))
    file = land_file(path)
    identity = identify(file, FORMATS)
    path.write_text(make_text(GOOD, GOOD))

    with pytest.raises(LandingError, match="expected a file at rest, got one that changed"):
        stage_export(duckdb.connect(), file, identity, LENIENT)


@pytest.mark.parametrize("rows", [("x", "x", "x"), (GOOD, "x", "x")])
def test_more_bad_rows_than_can_be_listed_are_refused_by_name(
    tmp_path: Path, rows: tuple[str, ...]
) -> None:
    path = write(tmp_path, make_text(*rows))
    message = (
        f"^{path.name}: expected at most 2 rows to quarantine \\(max_bad_rows\\), got more; check "
        "that it is what its header says; it stays there, nothing of it is recorded$"
    )

    with pytest.raises(LandingError, match=message):
        stage(path, IngestSettings(max_bad_rows=2))

    assert stage(path, IngestSettings(max_bad_rows=3)).counts == (3, 0, 0, 3)


def test_counts_that_do_not_add_up_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def miscount(_: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
        assert table.startswith("staged_")
        return 7, 0

    monkeypatch.setattr(stage_module, "_count_staged", miscount)
    path = write(tmp_path, make_text(GOOD))

    with pytest.raises(CheckError, match=r"expected 1 rows accounted for, got 7 loaded \+ 0 dup"):
        stage(path)


@hypothesis_settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_mutation_is_refused_by_name_or_accounted_for(
    tmp_path: Path, data: st.DataObject
) -> None:
    rows = [make_cells(n, Track='a "b"\nc' if n % 2 else "d\u00e9") for n in range(1, 5)]
    content = bytearray(make_text(*rows).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        size = data.draw(st.integers(0, 40))
        new = data.draw(st.binary(max_size=4) | st.sampled_from([b'"', b"\r", b"\n", b",", b"\0"]))
        content[at : at + size] = new
    path = write(tmp_path, bytes(content))

    try:
        staged = stage(path)
    except InputError:
        return
    assert sum(staged.counts[1:]) == staged.counts[0]


@pytest.mark.real_data
def test_track_table_of_2024_loads_whole_with_its_damaged_names() -> None:
    path = real_data("chartmetric_2024/top_songs.csv")
    staged = stage(path, IngestSettings.model_validate({}), dt.date(2024, 6, 15))

    assert staged.counts == (4600, 4598, 2, 0)
    assert staged.export.identity.feed == "chartmetric"
    assert staged.export.encoding == "latin-1"
    assert staged.export.damaged_text_count == 595


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "feed", "week"),
    [
        ("us/regional-us-weekly-2023-11-16.csv", "spotify_charts_us", dt.date(2023, 11, 16)),
        (
            "original_bytes/regional-us-weekly-2023-11-16.csv",
            "spotify_charts_us",
            dt.date(2023, 11, 16),
        ),
        (
            "legacy_format/regional-global-weekly-2019-11-29--2019-12-06.csv",
            "spotify_charts_global",
            dt.date(2019, 12, 5),
        ),
        (
            "legacy_format/regional-global-weekly-2019-12-06--2019-12-13.csv",
            "spotify_charts_global",
            dt.date(2019, 12, 12),
        ),
    ],
)
def test_chart_of_each_layout_loads_whole(name: str, feed: str, week: dt.date) -> None:
    staged = stage(real_data(f"spotify_charts/{name}"), IngestSettings.model_validate({}))

    assert staged.counts == (200, 200, 0, 0)
    assert (staged.export.identity.feed, staged.export.identity.week) == (feed, week)
    assert staged.rows["rank"].sort().to_list() == list(range(1, 201))
