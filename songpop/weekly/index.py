"""The page over all feeds and weeks."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final

from songpop.pages.document import escape, fold, make_document, paragraph
from songpop.weekly.facts import WeekEntry
from songpop.weekly.style import STYLE
from songpop.weekly.tables import STACKED, UNTITLED, WORDS, Cell, Markup, make_table, show_bar
from songpop.weekly.texts import NOTHING, count, show_day, show_feed, show_share

_MOST_OPEN: Final = 13
"""Weeks of a feed that are not folded away: a quarter."""
_DECISIONS: Final = {
    "quiet": "as usual",
    "warn": "unusual",
    "retrain": "changed",
    "quarantine": "cannot be true",
    "": "not judged",
}

Key = tuple[str, str]
"""Feed and ISO date of a week."""


def make_index(entries: Sequence[WeekEntry], written: Collection[Key]) -> str:
    """Return the whole HTML document.

    Args:
        entries: every week, by feed, newest first.
        written: the weeks that have a page.
    """
    feeds = [
        _show_feed(feed, list(weeks), written)
        for feed, weeks in groupby(entries, key=lambda entry: entry.feed)
    ]
    return make_document(
        "songpop: all weeks",
        [
            "<header><h1>All weeks</h1></header>",
            paragraph(
                "Every list that songpop scores, the newest week first. A page that is missing "
                "here is written by “songpop report --feed … --week …”.",
                "note",
            ),
            *(feeds or [paragraph("No week was loaded yet.")]),
        ],
        style=STYLE,
    )


def _show_feed(feed: str, weeks: Sequence[WeekEntry], written: Collection[Key]) -> Markup:
    header = [
        ("week ending", WORDS),
        ("tracks", ""),
        ("high", ""),
        ("share high", ""),
        ("data", WORDS),
        ("to note", WORDS),
    ]
    rows = [_row(entry, is_written=(feed, str(entry.week)) in written) for entry in weeks]
    newest = make_table(
        header, rows[:_MOST_OPEN], f"{feed}: {count(len(weeks), 'week')}", kind=STACKED
    )
    older = rows[_MOST_OPEN:]
    folded = fold(
        f"Earlier: {count(len(older), 'week')}",
        make_table(header, older, f"{feed}, earlier", kind=f"{STACKED} {UNTITLED}"),
    )
    return (
        f'<section id="{escape(feed)}"><h2>{escape(show_feed(feed))}</h2>{newest}'
        f"{folded if older else ''}</section>"
    )


def _row(entry: WeekEntry, *, is_written: bool) -> list[Cell]:
    day = show_day(entry.week)
    link = f'<a href="{escape(entry.feed)}/{entry.week}.html">{day}</a>' if is_written else day
    ratio = entry.high_count / entry.tracks_count if entry.is_scored else None
    return [
        link,
        f"{entry.tracks_count or entry.rows_count or 0:,}",
        f"{entry.high_count:,}" if entry.is_scored else NOTHING,
        NOTHING if ratio is None else f"{show_bar(ratio)} {show_share(ratio)}",
        _DECISIONS[entry.drift_decision or ""],
        escape("; ".join(_list_notes(entry))),
    ]


def _list_notes(entry: WeekEntry) -> list[str]:
    notes: list[str] = []
    if entry.rows_count is None:
        notes.append("kept out")
    elif not entry.is_scored and not entry.is_hidden:
        notes.append("no scores yet")
    if entry.is_provisional:
        notes.append("provisional")
    if entry.model_warning is not None:
        notes.append("model with a warning")
    if entry.stale_because is not None:
        notes.append("out of date")
    return notes
