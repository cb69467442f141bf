"""Words and figures as markup: what comes from an export is cut, escaped and isolated here."""

import datetime as dt
import unicodedata
from typing import Final

from songpop.pages.document import escape
from songpop.weekly.facts import Row

NOTHING: Final = "–"
MOST_SIGNS: Final = 80
"""Of a title; longer ones are cut, and stand in full in the tables of songpop.duckdb."""
MOST_TOLD: Final = 300
"""Of a message."""
_MOST_MARKS: Final = 3
"""Accents on one letter; more of them would cover the lines around it."""
_ONE: Final = 0.995
_PER_CENT: Final = 100
_WEEK: Final = dt.timedelta(weeks=1)
_ANYWHERE: Final = 98
"""Points of width from which on an interval says nothing."""


def isolate(text: object, kind: str = "") -> str:
    """Return *text* from an export as markup that cannot turn its surroundings round."""
    cut = escape(cut_text(str(text)))
    return f'<bdi class="{kind}">{cut}</bdi>' if kind else f"<bdi>{cut}</bdi>"


def cut_text(text: str, most: int = MOST_SIGNS) -> str:
    """Return *text* in one line of at most *most* signs, each with at most three accents."""
    kept: list[str] = []
    marks = 0
    for sign in " ".join(text[: 10 * most].split()):
        is_mark = unicodedata.combining(sign) != 0
        marks = marks + 1 if is_mark else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
        if len(kept) > most:
            return "".join(kept[: most - 1]).rstrip(" \u200d") + "…"
    return "".join(kept)


def tell(text: str) -> str:
    """Return a message as markup; what it quotes from an export may be long."""
    return escape(cut_text(text, MOST_TOLD))


def title_of(row: Row, kind: str = "") -> str:
    """Return a track's title as markup."""
    return isolate(row["title"] or "(no title)", kind)


def name_track(row: Row) -> str:
    """Return a track as markup for a sentence: its title and, where known, its artist."""
    artist = row["artist_name"]
    by = f" by {isolate(artist)}" if artist else ""
    return f"<strong>{title_of(row)}</strong>{by}"


def show_track(row: Row) -> str:
    """Return a track as markup for a cell: the artist under the title."""
    artist = isolate(row["artist_name"] or "(no artist)", "by")
    return f"{title_of(row, 'title')} {artist}"


def show_score(score: float) -> str:
    """Return a probability in per cent; none is ever certain."""
    if score >= _ONE:
        return "over 99\u00a0%"
    if score < 1 - _ONE:
        return "under 1\u00a0%"
    return show_share(score)


def show_share(share: float | None) -> str:
    """Return a share of [0, 1] in whole per cent."""
    return NOTHING if share is None else f"{_PER_CENT * share:.0f}\u00a0%"


def show_points(change: float) -> str:
    """Return a change of a probability in points, signed."""
    points = round(_PER_CENT * change)
    if points == 0:
        return "unchanged"
    sign = "+" if points > 0 else "−"
    return f"{sign}{count(abs(points), 'point')}"


def show_places(low: float | None, high: float | None, *, may_leave: bool) -> str:
    """Return an interval of percentiles, 1 being the top, as places: ``top 2 % to 38 %``.

    Args:
        low: its lower end; null where there is no interval.
        high: its upper end.
        may_leave: whether 0 means that the track is listed no more.
    """
    if low is None or high is None:
        return NOTHING
    best, worst = _top(high), _top(low)
    if worst - best >= _ANYWHERE and (low > 0 or not may_leave):
        return "anywhere"
    if low <= 0 and may_leave:
        return "anywhere or off the list" if best == 1 else f"top {best}\u00a0% to off the list"
    return f"top {best}\u00a0%" if best == worst else f"top {best}\u00a0% to {worst}\u00a0%"


def _top(percentile: float) -> int:
    return min(max(round(_PER_CENT * (1 - percentile)), 1), _PER_CENT)


def show_day(day: dt.date) -> str:
    """Return a date as people write it: 13 June 2024."""
    return f"{day.day} {day:%B %Y}"


def follows(week: dt.date, before: dt.date) -> bool:
    """Return whether *before* is the very week before, rather than an older one."""
    return week - before == _WEEK


def name_before(week: dt.date, before: dt.date) -> str:
    """Return how the week that *week* is compared with is called in a sentence."""
    if follows(week, before):
        return "the week before"
    return f"the week ending {show_day(before)}, the last one scored before"


def show_feed(feed: str) -> str:
    """Return a feed's name for a heading."""
    *words, last = feed.replace("-", "_").split("_")
    # The last word of a chart is its region.
    last = last.upper() if words and len(last) == len("us") else last
    text = " ".join([*words, last])
    return text[:1].upper() + text[1:]


def count(number: int, thing: str) -> str:
    """Return a count with its noun: 1 track, 2 tracks."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def join(texts: list[str]) -> str:
    """Return texts as one enumeration."""
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last
