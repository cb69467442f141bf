"""Bad rows, as real exports have them now and then."""

import csv
import io
from collections.abc import Callable
from typing import Final

import numpy as np

from songpop.simulate.columns import HEADERS, ISRC, RELEASE_DATE, TITLE
from songpop.simulate.export import EditLines

BAD_SHARE: Final = 0.015
"""The share of rows that a dirty week spoils: well below what makes a loader refuse the file."""

CELLS_CUT: Final = 5
"""How many cells a row that was cut short lacks."""

DAMAGE: Final = "\ufffd\ufffd"
"""What remains of characters in the wrong encoding."""


def _set(header: str, text: str) -> Callable[[list[str]], list[list[str]]]:
    place = HEADERS.index(header)
    return lambda cells: [[*cells[:place], text, *cells[place + 1 :]]]


def _damage_title(cells: list[str]) -> list[list[str]]:
    place = HEADERS.index(TITLE)
    return [[*cells[:place], cells[place][:-2] + DAMAGE, *cells[place + 1 :]]]


def _repeat(cells: list[str]) -> list[list[str]]:
    return [cells, cells]


def _contradict(cells: list[str]) -> list[list[str]]:
    """Repeat the key with another playlist count."""
    place = HEADERS.index("Spotify Playlist Count")
    other = "7" if cells[place] != "7" else "8"
    return [cells, [*cells[:place], other, *cells[place + 1 :]]]


def _cut(cells: list[str]) -> list[list[str]]:
    return [cells[:-CELLS_CUT]]


DIRT: Final = {
    "unreadable number": _set("YouTube Views", "#REF!"),
    "fraction": _set("Spotify Playlist Count", "1.5"),
    "impossible date": _set(RELEASE_DATE, "2/30/2024"),
    "empty key": _set(ISRC, ""),
    "repeated row": _repeat,
    "contradicting key": _contradict,
    "too few cells": _cut,
    "damaged text": _damage_title,
}
"""What a bad row becomes: one row or two. Damaged text is loaded and flagged, the rest is not."""


def plan_dirt(rng: np.random.Generator, count: int) -> dict[int, str]:
    """Return which of *count* rows are spoilt, and how: every kind in turn, at least one row."""
    bad = rng.choice(count, size=max(1, round(BAD_SHARE * count)), replace=False)
    kinds = list(DIRT)
    return {int(row): kinds[place % len(kinds)] for place, row in enumerate(bad)}


def spoil(plan: dict[int, str]) -> EditLines:
    """Return the editor that spoils the planned rows of a file."""

    def edit(start: int, lines: list[str]) -> list[str]:
        edited: list[str] = []
        for number, line in enumerate(lines, start):
            kind = plan.get(number)
            edited.extend([line] if kind is None else _spoil_line(line, kind))
        return edited

    return edit


def _spoil_line(line: str, kind: str) -> list[str]:
    (cells,) = csv.reader([line])
    return [_join(row) for row in DIRT[kind](cells)]


def _join(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
