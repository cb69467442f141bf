import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from songpop.errors import FormatError, LandingError
from songpop.ingest import parquet
from songpop.settings import IngestSettings
from tests.songpop.ingest.exports import HEADER, LENIENT, Staged, make_cells, stage

NAME = "chartmetric-2024-06-13.parquet"
ROWS = [make_cells(n) for n in range(1, 4)]
TEXTS = pl.DataFrame(ROWS, HEADER, orient="row")


def stage_frame(folder: Path, frame: pl.DataFrame, settings: IngestSettings = LENIENT) -> Staged:
    frame.write_parquet(folder / NAME)
    return stage(folder / NAME, settings)


def stage_column(folder: Path, name: str, values: list[object], dtype: pl.DataType) -> Staged:
    return stage_frame(folder, TEXTS.with_columns(pl.Series(name, values, dtype=dtype)))


def test_text_is_read_as_in_a_text_file(tmp_path: Path) -> None:
    staged = stage_frame(tmp_path, TEXTS)

    assert staged.counts == (3, 3, 0, 0)
    assert staged.rows["line"].to_list() == [1, 2, 3]
    assert staged.rows["spotify_streams_count"].to_list() == [390_470_936] * 3
    assert staged.rows["tidal_popularity_index"].null_count() == 3


@pytest.mark.parametrize(
    ("name", "column", "values", "dtype", "expected"),
    [
        ("Shazam Counts", "shazam_count", [1, 2**60, None], pl.Int64(), [1, 2**60, None]),
        (
            "Shazam Counts",
            "shazam_count",
            [1.0, 2e15, float("nan")],
            pl.Float64(),
            [1, 2 * 10**15, None],
        ),
        (
            "Shazam Counts",
            "shazam_count",
            [Decimal(1), Decimal(20), None],
            pl.Decimal(10, 2),
            [1, 20, None],
        ),
        ("Track Score", "track_score", [1.5, 2.0, None], pl.Float32(), [1.5, 2.0, None]),
        ("Explicit Track", "is_explicit", [True, False, None], pl.Boolean(), [True, False, None]),
        ("Track", "title", ["a", "", None], pl.Categorical(), ["a", None, None]),
        ("Track", "title", [None, None, None], pl.Null(), [None, None, None]),
        (
            "Release Date",
            "release_date",
            [dt.date(2024, 1, 2), None, dt.date(2020, 2, 29)],
            pl.Date(),
            [dt.date(2024, 1, 2), None, dt.date(2020, 2, 29)],
        ),
        (
            "Release Date",
            "release_date",
            [dt.datetime(2024, 1, 2), None, None],  # noqa: DTZ001 - a day without a zone
            pl.Datetime("us"),
            [dt.date(2024, 1, 2), None, None],
        ),
    ],
)
def test_typed_values_pass_the_rules_of_their_column(
    tmp_path: Path,
    name: str,
    column: str,
    values: list[object],
    dtype: pl.DataType,
    expected: list[object],
) -> None:
    staged = stage_column(tmp_path, name, values, dtype)

    assert staged.reasons == []
    assert staged.rows[column].to_list() == expected


@pytest.mark.parametrize(
    ("name", "values", "dtype", "reason"),
    [
        ("Shazam Counts", [1.0, 1.5, 2.0], pl.Float64(), "not_whole"),
        ("Shazam Counts", [1, -1, 2], pl.Int32(), "negative"),
        # From here on a float may stand for its neighbour as well.
        ("Shazam Counts", [1.0, 2.0**53, 2.0], pl.Float64(), "not_whole"),
        ("Shazam Counts", [1.0, float("inf"), 2.0], pl.Float64(), "unreadable_number"),
        (
            "Release Date",
            [None, dt.datetime(2024, 1, 2, 3), None],  # noqa: DTZ001 - as above
            pl.Datetime("us"),
            "unreadable_date",
        ),
        ("Track", ["a", "b\0", "c"], pl.String(), "control_character"),
    ],
)
def test_bad_value_quarantines_its_row(
    tmp_path: Path, name: str, values: list[object], dtype: pl.DataType, reason: str
) -> None:
    staged = stage_column(tmp_path, name, values, dtype)

    assert staged.counts == (3, 2, 0, 1)
    assert [(line, why) for line, _, why in staged.reasons] == [(2, reason)]


def test_rows_over_several_batches_keep_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 2)
    repeated = pl.DataFrame([*ROWS, make_cells(3, Track="other")], HEADER, orient="row")

    staged = stage_frame(tmp_path, repeated)

    assert staged.reasons == [(3, None, "repeated_key"), (4, None, "repeated_key")]
    assert staged.export.bad["raw_text"][1].startswith("other,")


def test_header_alone_is_refused_for_its_lack_of_rows(tmp_path: Path) -> None:
    assert stage_frame(tmp_path, TEXTS.clear()).export.refused_because == "no_rows"


def test_column_of_lists_is_refused_by_name(tmp_path: Path) -> None:
    lists = TEXTS.with_columns(pl.Series("Artist", [["a"]] * 3))

    with pytest.raises(
        FormatError, match=r"column Artist: expected text, numbers, dates or flags, got"
    ):
        stage_frame(tmp_path, lists)


@pytest.mark.parametrize("kept", [slice(0), slice(4), slice(-20), slice(1, None)])
def test_damaged_file_is_refused(tmp_path: Path, kept: slice) -> None:
    TEXTS.write_parquet(tmp_path / NAME)
    content = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(content[kept])

    with pytest.raises(LandingError, match="expected a whole Parquet file, got a damaged one"):
        stage(tmp_path / NAME)


def test_damaged_pages_are_refused(tmp_path: Path) -> None:
    TEXTS.write_parquet(tmp_path / NAME, compression="zstd")
    content = bytearray((tmp_path / NAME).read_bytes())
    content[100:300] = bytes(200)
    (tmp_path / NAME).write_bytes(content)

    with pytest.raises(LandingError, match="expected a whole Parquet file, got a damaged one"):
        stage(tmp_path / NAME)


def test_text_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    table = TEXTS.to_arrow()
    bad = pa.Array.from_buffers(
        pa.large_string(), 3, pa.array([b"a", b"\xff", b"c"], pa.large_binary()).buffers()
    )
    pq.write_table(table.set_column(0, "Track", bad), tmp_path / NAME)

    with pytest.raises(LandingError, match=r"got a damaged one .*UTF8"):
        stage(tmp_path / NAME)


def test_bomb_is_refused_before_it_expands(tmp_path: Path) -> None:
    many = pl.concat([TEXTS.head(1)] * 200_000)

    with pytest.raises(
        LandingError, match=r"text of at most 200 times its own size \(max_compress"
    ):
        stage_frame(tmp_path, many)


def test_long_text_that_repeats_is_refused_before_it_expands(tmp_path: Path) -> None:
    small = LENIENT.model_copy(update={"max_batch_bytes": 5_000})
    long = TEXTS.with_columns(pl.lit("x" * 2_000).alias("Track"))

    with pytest.raises(
        LandingError,
        match=r"at most 5,000 bytes in 3 rows \(max_batch_bytes\), got 6,.*; export it as .csv",
    ):
        stage_frame(tmp_path, long, small)

    assert stage_frame(tmp_path, long).counts == (3, 3, 0, 0)
