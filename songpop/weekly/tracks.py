"""Tracks as people look at them: the high ones with their reasons, what moved, who stands where."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from songpop.pages.document import fold, heading, paragraph, side_by_side
from songpop.weekly.facts import Row, ScoredFacts, WeekFacts
from songpop.weekly.read import MOST_CARDS, MOST_WEEKS
from songpop.weekly.spark import draw_trend
from songpop.weekly.tables import STACKED, WORDS, Cell, Markup, make_table, show_bar
from songpop.weekly.texts import (
    NOTHING,
    count,
    follows,
    isolate,
    name_before,
    show_places,
    show_points,
    show_score,
    show_share,
    show_track,
    tell,
    title_of,
)

_MOST_BYTES: Final = 1_200_000
"""Of the cells of all tracks; a thousand of them take 0.4 MB, unless their texts are hostile."""
_OPEN_ARTISTS: Final = 15
"""Artists that are not folded away."""
_LEGEND: Final = (
    "▲ raises the score, ▼ lowers it; compared are tracks whose figure is known. The bar is the "
    "likely place, best at the right."
)
_TREND: Final = f"The line is its score over the last {MOST_WEEKS} weeks, one half dotted."
_ASIDE: Final = ", where known"
"""Said of a reason in the table; the page says it once for all."""
_EFFECTS: Final = {"raises": "up", "lowers": "down", "neutral": "same"}


def show_cards(facts: WeekFacts, scored: ScoredFacts) -> Markup:
    """Return the high tracks, each with its score, its likely place, its trend and its reasons."""
    high = [row for row in scored.tracks[:MOST_CARDS] if row["potential"] == "high"]
    start = heading("High potential")
    if not high:
        return start + paragraph("No track has high potential this week.")
    total = scored.changes.high_count
    more = (
        f"The {len(high)} highest of {total:,}; the table of all tracks has the others."
        if total > len(high)
        else f"All {count(total, 'track')} with high potential."
        if total > 1
        else "The only one with high potential."
    )
    cards = "".join(_card(row, scored, is_first=facts.previous_week is None) for row in high)
    legend = _LEGEND if facts.previous_week is None else f"{_LEGEND} {_TREND}"
    return f'{start}{paragraph(f"{more} {legend}", "note")}<ol class="cards">{cards}</ol>'


def _card(row: Row, scored: ScoredFacts, *, is_first: bool) -> Markup:
    history = scored.history.get(row["track_id"], ())
    trend = "" if is_first else draw_trend(history, MOST_WEEKS)
    reasons = [row[name] for name in ("reason_1", "reason_2", "reason_3") if row[name]]
    why = "".join(_reason(text) for text in reasons)
    return (
        f'<li><span class="place" aria-hidden="true">{row["rank"]}</span>'
        f'<div class="who">{show_track(row)}</div><div class="line">{trend}</div>'
        f'<div class="score"><strong>{show_score(row["score"])}</strong>'
        f"{'' if is_first else _show_change(row, is_comparable=scored.is_same_model)}</div>"
        f'<div class="range">{_show_range(row, scored)}</div>'
        f'<ul class="why">{why}</ul></li>'
    )


def _reason(text: str) -> Markup:
    effect, _, fact = text.partition(": ")
    if effect not in _EFFECTS:
        return f"<li>{tell(text)}</li>"
    return (
        f'<li class="{_EFFECTS[effect]}"><span class="hidden">{effect} the score: </span>'
        f"{_tell_fact(fact)}</li>"
    )


def _tell_fact(text: str) -> Markup:
    return tell(text.removesuffix(_ASIDE)).replace(" %", "\u00a0%")


def _show_range(row: Row, scored: ScoredFacts) -> Markup:
    low, high = row["outcome_low"], row["outcome_high"]
    if low is None or high is None:
        return ""
    weeks = count(scored.model.horizon_weeks, "week")
    when = "now" if scored.model.label == "snapshot" else f"in {weeks}"
    bar = (
        '<span class="span" aria-hidden="true">'
        f'<i style="left:{100 * low:.0f}%;width:{100 * (high - low):.0f}%"></i></span>'
    )
    return f"{bar} likely place {when}: <b>{_places(row, scored)}</b>"


def _places(row: Row, scored: ScoredFacts) -> str:
    may_leave = scored.model.label != "snapshot"
    return show_places(row["outcome_low"], row["outcome_high"], may_leave=may_leave)


def _show_change(row: Row, *, is_comparable: bool) -> Markup:
    before = row["previous_score"]
    if before is None:
        return '<span class="delta">new</span>'
    if not is_comparable:
        return ""
    return f'<span class="delta">{show_points(row["score"] - before)}</span>'


def show_movers(facts: WeekFacts, scored: ScoredFacts) -> Markup:
    """Return the tracks that moved farthest since the scored week before."""
    start = heading("Risers and fallers")
    if facts.previous_week is None:
        return start + paragraph("There is no scored week before to compare with.")
    before = name_before(facts.entry.week, facts.previous_week)
    told = (
        f"By how far their score moved since {before}."
        if scored.is_same_model
        else f"Another model scored {before}, so scores do not compare; by places gained."
    )
    parts = [
        _movers_table(rows, title, is_by_score=scored.is_same_model)
        for rows, title in ((scored.risers, "Up"), (scored.fallers, "Down"))
        if rows
    ]
    if not parts:
        return start + paragraph(f"Nothing moved since {before}.")
    return start + paragraph(told, "note") + side_by_side(parts)


def _movers_table(rows: Sequence[Row], title: str, *, is_by_score: bool) -> Markup:
    header = [("track", WORDS), ("before", ""), ("now", ""), ("change", "")]
    return make_table(header, [_mover(row, is_by_score=is_by_score) for row in rows], title)


def _mover(row: Row, *, is_by_score: bool) -> list[Cell]:
    if is_by_score:
        before, now = row["previous_score"], row["score"]
        change = f"{show_points(now - before)} {_show_move(before, now)}"
        return [show_track(row), show_score(before), show_score(now), change]
    before, now = row["previous_rank"], row["rank"]
    return [show_track(row), f"{before:,}.", f"{now:,}.", show_places_gained(before, now)]


def _show_move(before: float, now: float) -> Markup:
    """Return the way from one score to the other as a small bar, for the eye alone."""
    low, high = sorted((before, now))
    kind = "up" if now > before else "down"
    return (
        f'<span class="span {kind}" aria-hidden="true">'
        f'<i style="left:{100 * low:.0f}%;width:{100 * (high - low):.0f}%"></i></span>'
    )


def show_places_gained(before: int, now: int) -> str:
    """Return a change of rank, positive upwards."""
    sign = "+" if now < before else "−"
    return f"{sign}{count(abs(before - now), 'place')}"


def show_artists(scored: ScoredFacts) -> Markup:
    """Return where each artist stands: tracks, share high, best track."""
    start = heading("Artists")
    if not scored.artists:
        return start + paragraph("No track names its artist.")
    total = scored.changes.artists_count
    header = [
        ("artist", WORDS),
        ("tracks", ""),
        ("high", ""),
        ("share high", ""),
        ("best track", WORDS),
        ("its score", ""),
    ]
    rows = [_artist(row) for row in scored.artists]
    open_rows, folded = rows[:_OPEN_ARTISTS], rows[_OPEN_ARTISTS:]
    caption = f"{count(total, 'artist')}, those with the most high tracks first"
    more = fold(
        f"The next {count(len(folded), 'artist')}",
        make_table(header, folded, "Further artists", kind=STACKED),
    )
    rest = f"Shown are {len(rows)} of {total:,}." if total > len(rows) else ""
    return (
        start
        + make_table(header, open_rows, caption, kind=STACKED)
        + (more if folded else "")
        + (paragraph(rest, "note") if rest else "")
    )


def _artist(row: Row) -> list[Cell]:
    ratio = row["high_ratio"]
    return [
        isolate(row["artist_name"]),
        f"{row['tracks_count']:,}",
        f"{row['high_count']:,}",
        f"{show_bar(ratio)} {show_share(ratio)}",
        title_of({"title": row["best_title"]}),
        show_score(row["best_score"]),
    ]


def show_all(facts: WeekFacts, scored: ScoredFacts) -> Markup:
    """Return the table of all tracks, or of the first ones with a word on where the rest is."""
    total = scored.changes.tracks_count
    week, previous = facts.entry.week, facts.previous_week
    is_older = previous is not None and not follows(week, previous)
    header = [
        ("track", WORDS),
        ("rank", ""),
        ("score", ""),
        (f"since {previous}" if is_older else "since last week", ""),
        ("potential", ""),
        ("likely place", WORDS),
        ("main reason", WORDS),
    ]
    rows = _fit(
        [_track(row, scored, is_first=facts.previous_week is None) for row in scored.tracks]
    )
    shown = len(rows)
    caption = f"The first {shown:,} of {total:,} tracks" if total > shown else f"{total:,} tracks"
    rest = (
        paragraph(
            f"All {total:,} stand in the table mart.weekly_scores of songpop.duckdb, and in "
            f"published/weekly_scores/feed={facts.entry.feed}/week={facts.entry.week}.parquet.",
            "note",
        )
        if total > shown
        else ""
    )
    return (
        heading("All tracks")
        + '<div id="tools"></div>'
        + make_table(header, rows, caption, name="tracks", kind=STACKED)
        + rest
    )


def _fit(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return as many of the first rows as a page has room for, however long their texts are."""
    sizes = accumulate(sum(len(str(cell).encode()) for cell in row) for row in rows)
    return [row for row, size in zip(rows, sizes, strict=True) if size <= _MOST_BYTES]


def _track(row: Row, scored: ScoredFacts, *, is_first: bool) -> list[Cell]:
    before = row["previous_score"]
    change = row["score"] - before if before is not None and scored.is_same_model else None
    missing = "new" if before is None and not is_first else NOTHING
    reason = (row["reason_1"] or "").replace("raises: ", "▲ ").replace("lowers: ", "▼ ")
    return [
        show_track(row),
        f"{row['rank']:,}",
        (show_score(row["score"]), round(row["score"], 4)),
        (missing, "") if change is None else (show_points(change), round(change, 4)),
        row["potential"],
        (_places(row, scored), row["outcome_low"] or 0),
        _tell_fact(reason),
    ]
