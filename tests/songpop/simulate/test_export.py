import os
import re
from pathlib import Path

import polars as pl
import pytest

from songpop.simulate import export
from songpop.simulate.columns import HEADERS, TIDAL_POPULARITY, TRACK_SCORE
from songpop.simulate.export import file_name, keep_after, write_export
from songpop.simulate.observe import observe
from songpop.simulate.roster import World
from songpop.simulate.tracks import FIRST_WEEK_ORDINAL, Regime, first_panel
from tests.songpop.simulate.read_exports import read_export, simulate_weeks


def test_file_is_named_by_the_day_that_ends_the_week() -> None:
    assert file_name(FIRST_WEEK_ORDINAL) == "chartmetric-2024-01-05.csv"
    assert file_name(FIRST_WEEK_ORDINAL + 7, "-corrected") == "chartmetric-2024-01-12-corrected.csv"


def test_bytes_have_the_form_of_the_real_export(tmp_path: Path) -> None:
    (path,) = simulate_weeks(tmp_path, 1)
    lines = path.read_bytes().split(b"\r\n")
    text = path.read_text("utf-8")

    assert lines[0].decode() == ",".join(HEADERS)
    assert lines[-1] == b""
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")
    assert len(lines) == 600 + 2
    # An empty cell is nothing between two commas.
    assert re.search(r'(^|,)""(,|\r)', text) is None


def test_cells_have_the_form_of_the_real_ones(tmp_path: Path) -> None:
    (path,) = simulate_weeks(tmp_path, 1)
    cells = pl.read_csv(path, schema=dict.fromkeys(HEADERS, pl.String))

    assert cells["Release Date"].str.contains(r"^[1-9]\d?/[1-9]\d?/\d{4}$").all()
    assert cells["Spotify Streams"].drop_nulls().str.contains(r"^\d{1,3}(,\d{3})*$").all()
    assert cells[TRACK_SCORE].str.contains(r"^\d{1,3}(,\d{3})*\.\d$").all()
    assert cells["Explicit Track"].is_in(["0", "1"]).all()
    assert cells[TIDAL_POPULARITY].null_count() == cells.height
    assert cells["ISRC"].n_unique() == cells.height


def test_numbers_below_a_thousand_are_not_quoted(tmp_path: Path) -> None:
    (path,) = simulate_weeks(tmp_path, 1)
    first = path.read_text("utf-8").splitlines()[1]

    assert re.search(r',1,\d{3}\.\d,"\d', first)


def test_rows_are_sorted_by_score_and_those_without_come_last(tmp_path: Path) -> None:
    paths = simulate_weeks(tmp_path, 1, f"missing:{TRACK_SCORE}:0.3@1")
    scores = read_export(paths[0])[TRACK_SCORE]
    known = scores.drop_nulls()

    assert 150 < scores.null_count() < 210
    assert scores.head(known.len()).null_count() == 0
    assert known.is_sorted(descending=True)


def test_a_table_larger_than_a_chunk_has_all_its_rows_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "CHUNK_ROWS", 100)
    count = 210
    world = World(1, count)
    panel = first_panel(world, Regime())
    path = tmp_path / "large.csv"
    starts: list[int] = []

    def edit(start: int, lines: list[str]) -> list[str]:
        starts.append(start)
        return lines

    write_export(path, world, panel, observe(world, panel, 1), edit)
    frame = read_export(path)

    assert starts == [0, 100, 200]
    assert frame["All Time Rank"].sort().to_list() == list(range(1, count + 1))
    assert frame[TRACK_SCORE].is_sorted(descending=True)


def test_nothing_is_left_beside_the_exports(tmp_path: Path) -> None:
    paths = simulate_weeks(tmp_path, 2)

    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_a_file_is_made_later_than_the_one_before(tmp_path: Path) -> None:
    earlier, later = tmp_path / "a", tmp_path / "b"
    for path in (earlier, later):
        path.touch()
        os.utime(path, ns=(10**18, 10**18))
    keep_after(later, earlier)

    assert later.stat().st_mtime_ns > earlier.stat().st_mtime_ns
    # One that is later already keeps its time.
    kept_ns = later.stat().st_mtime_ns
    keep_after(later, earlier)
    assert later.stat().st_mtime_ns == kept_ns
