import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from songpop.simulate.columns import HEADERS
from songpop.simulate.dirt import DIRT, plan_dirt, spoil
from tests.songpop.simulate.read_exports import simulate_weeks

GOOD: str = "A,A,B,1/5/2024,USABC2400001,1,725.4" + ",7" * 22


def _spoilt(kind: str) -> list[str]:
    return spoil({5: kind})(5, [GOOD])


def test_every_kind_of_dirt_comes_in_turn() -> None:
    plan = plan_dirt(np.random.default_rng(1), 2_000)

    assert len(plan) == 30
    assert set(Counter(plan.values()).values()) == {3, 4}
    assert set(plan.values()) == set(DIRT)


def test_a_tiny_table_has_one_bad_row() -> None:
    assert len(plan_dirt(np.random.default_rng(1), 10)) == 1


def test_the_line_that_is_spoilt_is_a_row() -> None:
    assert len(GOOD.split(",")) == len(HEADERS)


@pytest.mark.parametrize(
    ("kind", "header", "text"),
    [
        ("unreadable number", "YouTube Views", "#REF!"),
        ("fraction", "Spotify Playlist Count", "1.5"),
        ("impossible date", "Release Date", "2/30/2024"),
        ("empty key", "ISRC", ""),
    ],
)
def test_a_cell_is_spoilt(kind: str, header: str, text: str) -> None:
    (line,) = _spoilt(kind)
    expected: list[str] = GOOD.split(",")
    expected[HEADERS.index(header)] = text

    assert line.split(",") == expected


def test_a_row_is_repeated_exactly() -> None:
    assert _spoilt("repeated row") == [GOOD, GOOD]


@pytest.mark.parametrize(("count", "other"), [("7", "8"), ("8", "7")])
def test_a_key_is_repeated_with_other_content(count: str, other: str) -> None:
    place = HEADERS.index("Spotify Playlist Count")
    cells: list[str] = GOOD.split(",")
    cells[place] = count
    first, second = spoil({0: "contradicting key"})(0, [",".join(cells)])

    assert first == ",".join(cells)
    assert second.split(",")[place] == other


def test_a_row_is_cut_short() -> None:
    assert _spoilt("too few cells") == [",".join(GOOD.split(",")[:-5])]


def test_text_is_damaged() -> None:
    assert _spoilt("damaged text")[0].startswith("\ufffd\ufffd,A,B,")


def test_lines_that_are_not_planned_stay() -> None:
    assert spoil({7: "too few cells"})(5, [GOOD, GOOD]) == [GOOD, GOOD]


def test_quoting_survives(tmp_path: Path) -> None:
    plain = simulate_weeks(tmp_path / "plain", 1)[0].read_text("utf-8").splitlines()
    dirty = simulate_weeks(tmp_path / "dirty", 1, "dirty@1")[0].read_text("utf-8").splitlines()
    rows = list(csv.reader(dirty))
    known = set(plain)
    new = [line for line in dirty if line not in known]

    # Nine of 600 rows, two of which become two; an exact repeat is no new line.
    assert len(dirty) == len(plain) + 2
    assert len(new) == 8
    assert {len(row) for row in rows} == {29, 24}


def test_dirt_is_that_week_s_alone(tmp_path: Path) -> None:
    plain = simulate_weeks(tmp_path / "plain", 3)
    dirty = simulate_weeks(tmp_path / "dirty", 3, "dirty@2")
    same = [a.read_bytes() == b.read_bytes() for a, b in zip(plain, dirty, strict=True)]

    assert same == [True, False, True]
