from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from songpop.errors import CheckError
from songpop.warehouse.parts import Parts, PartsWriter


def make_frame(first: int, count: int) -> pl.DataFrame:
    numbers = pl.int_range(first, first + count, eager=True)
    return pl.DataFrame({"name": numbers.cast(pl.String), "value": numbers.cast(pl.Float32) / 3})


def write(folder: Path, sizes: list[int], rows_count: int) -> tuple[Parts, pl.DataFrame]:
    writer = PartsWriter(folder / "parts", "rows", rows_count)
    pieces = [make_frame(sum(sizes[:place]), size) for place, size in enumerate(sizes)]
    for piece in pieces:
        writer.add(piece)
    return writer.finish(), pl.concat(pieces)


@given(st.lists(st.integers(0, 25), min_size=1, max_size=8), st.integers(1, 12))
def test_parts_are_the_frame_whatever_pieces_it_came_in(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], rows_count: int
) -> None:
    parts, whole = write(tmp_path_factory.mktemp("parts"), sizes, rows_count)

    assert_frame_equal(pl.concat(parts), whole, check_exact=True)
    assert_frame_equal(parts.column("value").to_frame(), whole.select("value"), check_exact=True)
    assert parts.columns == whole.columns
    assert parts.height == whole.height
    assert all(height == rows_count for height in parts.heights[:-1])
    assert parts.heights[-1] > 0 or whole.height == 0


def test_what_fits_one_part_touches_no_disk(tmp_path: Path) -> None:
    parts, _ = write(tmp_path, [3, 4], rows_count=7)

    assert (parts.count, parts.files) == (1, ())
    assert not (tmp_path / "parts").exists()


def test_what_does_not_fit_is_a_file_a_part(tmp_path: Path) -> None:
    parts, _ = write(tmp_path, [3, 4, 1], rows_count=3)

    assert [path.name for path in parts.files] == [
        f"rows-0000{number}.parquet" for number in range(3)
    ]
    assert parts.heights == (3, 3, 2)
    assert {*(tmp_path / "parts").iterdir()} == {*parts.files}


@pytest.mark.parametrize("name", ["a[1]*", "k=1"])
def test_folder_with_signs_of_a_pattern_is_read_by_its_name(tmp_path: Path, name: str) -> None:
    parts, whole = write(tmp_path / name, [5], rows_count=2)

    assert_frame_equal(pl.concat(parts), whole)
    assert parts.columns == ["name", "value"]


@pytest.mark.parametrize("rows_count", [5, 2])
def test_parts_tell_their_size_and_give_a_column_of_all(tmp_path: Path, rows_count: int) -> None:
    parts, whole = write(tmp_path, [1, 4], rows_count)

    assert (parts.height, parts.count) == (5, 1 if rows_count == 5 else 3)
    assert parts.columns == ["name", "value"]
    assert_frame_equal(parts.column("value").to_frame(), whole.select("value"))
    assert_frame_equal(parts.read(parts.count - 1), whole.tail(5 if rows_count == 5 else 1))


def test_piece_of_many_parts_is_cut_at_once_and_an_empty_one_is_none(tmp_path: Path) -> None:
    parts, whole = write(tmp_path, [0, 9, 0], rows_count=2)

    assert parts.heights == (2, 2, 2, 2, 1)
    assert_frame_equal(pl.concat(parts), whole)


def test_frame_alone_is_its_only_part() -> None:
    frame = make_frame(0, 3)

    parts = Parts.of(frame)

    assert (parts.heights, parts.files) == ((3,), ())
    assert parts.frame is frame


def test_parts_are_read_when_their_turn_comes(tmp_path: Path) -> None:
    parts, whole = write(tmp_path, [4], rows_count=2)
    parts.files[1].unlink()

    assert_frame_equal(next(iter(parts)), whole.head(2))


def test_file_that_was_cut_is_told(tmp_path: Path) -> None:
    parts, _ = write(tmp_path, [9], rows_count=3)
    make_frame(0, 1).write_parquet(parts.files[1])

    with pytest.raises(CheckError) as refused:
        pl.concat(parts)

    assert str(refused.value) == f"{parts.files[1]}: expected 3 rows, got 1; run again"


def test_parts_in_order_are_read_in_slices_that_cost_no_more_than_they_hold(tmp_path: Path) -> None:
    rows = make_frame(0, 40_001)

    def write_sorted(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.sort("name")

    for sort, most in ((None, 65_536), (write_sorted, 8_192)):
        writer = PartsWriter(tmp_path / str(most), "rows", 40_000, sort)
        writer.add(rows)
        file = pq.ParquetFile(writer.finish().files[0])
        counts = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
        assert max(counts) <= most
        assert len(counts) == -(-40_000 // most)
