"""What is written is what is read again."""

import csv
import io
import os
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.errors import InputError
from songpop.export.cells import make_harmless
from songpop.export.csv import check_free, write_file, write_stream
from songpop.warehouse.paths import WarehousePaths
from tests.songpop.hostile import HOSTILE

titles = (
    st.none() | st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(list(HOSTILE))
)
rows = st.lists(st.tuples(titles, st.none() | st.integers(-9, 9)), min_size=1, max_size=5)

Rows = list[tuple[str | None, int | None]]


def make_frame(values: Rows) -> pl.DataFrame:
    return pl.DataFrame(values, {"title": pl.String, "change": pl.Int64}, orient="row")


def write(*frames: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    write_stream(frames, file, has_bom=False)
    return file.getvalue()


@given(rows)
def test_csv_module_reads_the_rows_that_were_written(values: Rows) -> None:
    df = make_frame(values)
    safe, _ = make_harmless(df)

    text = write(df).decode()

    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert found == [
        ["title", "change"],
        *([title or "", "" if change is None else str(change)] for title, change in safe.rows()),
    ]


@given(rows)
def test_polars_reads_the_rows_that_were_written_with_what_is_missing(
    values: Rows,
) -> None:
    df = make_frame(values)
    safe, _ = make_harmless(df)

    found = pl.read_csv(write(df), schema=df.schema)

    assert found.equals(safe)


def test_frames_stand_below_one_header_with_line_ends_of_rfc_4180() -> None:
    one, two = make_frame([("a", 1)]), make_frame([("b", -2), (None, None)])

    assert write(one.clear(), one, two) == b"title,change\r\na,1\r\nb,-2\r\n,\r\n"


def test_file_begins_with_a_byte_order_mark_that_readers_take_away(tmp_path: Path) -> None:
    out = tmp_path / "new" / "scores.csv"

    written = write_file([make_frame([("Beyoncé", -1)])], out)

    assert written.rows_count == 1
    assert out.read_bytes() == "\ufefftitle,change\r\nBeyoncé,-1\r\n".encode()
    assert pl.read_csv(out).rows() == [("Beyoncé", -1)]
    assert duckdb.execute("from read_csv($path)", {"path": str(out)}).fetchall() == [
        ("Beyoncé", -1)
    ]
    assert [path.name for path in out.parent.iterdir()] == ["scores.csv"]


def test_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    out.write_text("old", encoding="utf-8")
    one = make_frame([("a", 1)])

    def fail_midway() -> object:
        yield one
        raise InputError("no more")

    with pytest.raises(InputError, match="no more"):
        write_file(fail_midway(), out)  # type: ignore[arg-type] - a generator of frames
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]
    assert out.read_text(encoding="utf-8") == "old"


def test_file_is_replaced_only_where_that_is_asked_for(tmp_path: Path) -> None:
    out, paths = tmp_path / "scores.csv", WarehousePaths(tmp_path / "warehouse")
    check_free(out, paths, replaces=False)
    out.touch()

    with pytest.raises(InputError, match=r"scores\.csv: expected a new file, got one that exists"):
        check_free(out, paths, replaces=False)
    with pytest.raises(InputError, match="expected a file, got a folder; add a name"):
        check_free(tmp_path, paths, replaces=True)
    check_free(out, paths, replaces=True)


@pytest.mark.parametrize("kind", ["pipe", "link", "dangling"])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "scores.csv"
    if kind == "pipe":
        os.mkfifo(out)
    else:
        out.symlink_to(tmp_path / ("nothing" if kind == "dangling" else ".."))

    with pytest.raises(InputError, match=r"scores\.csv: expected a file, got a"):
        check_free(out, WarehousePaths(tmp_path / "warehouse"), replaces=True)


@pytest.mark.parametrize(
    "name", ["songpop.duckdb", "private/songpop.duckdb", "models/a.csv", "../warehouse/published/a"]
)
def test_files_of_the_warehouse_are_never_replaced(tmp_path: Path, name: str) -> None:
    paths = WarehousePaths(tmp_path / "warehouse")

    with pytest.raises(InputError, match="got one among the warehouse's own files"):
        check_free(paths.root / name, paths, replaces=True)
