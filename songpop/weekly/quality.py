"""What arrived, what became of it, and whether the week looks like those before it."""

from typing import Final

from songpop.pages.document import bullets, escape, fold, heading, paragraph
from songpop.weekly.facts import Row, WeekFacts
from songpop.weekly.tables import STACKED, WORDS, Cell, Markup, make_table
from songpop.weekly.texts import MOST_TOLD, NOTHING, count, cut_text, isolate, join, tell

_MOST_CHECKS: Final = 40
_DECISIONS: Final = {
    "quiet": "The week looks like those that the model learned from.",
    "warn": "Something about the week is unlike those that the model learned from. That is told, "
    "and watched; the scores stand.",
    "retrain": "The week is unlike those that the model learned from. The reasons tell what "
    "follows; a new model scores only if it was shown to be better.",
    "quarantine": "The figures of this week cannot be true as they stand, so it was kept out.",
}


def show_quality(facts: WeekFacts) -> Markup:
    """Return the section: rows, files, drift, details folded."""
    return (
        heading("The data behind it")
        + paragraph(_say_rows(facts))
        + _show_files(facts)
        + _show_drift(facts)
    )


def _say_rows(facts: WeekFacts) -> str:
    entry = facts.entry
    kept = [
        text
        for number, text in (
            (entry.duplicate, f"{entry.duplicate:,} repeated another exactly"),
            (entry.quarantined, f"{entry.quarantined:,} were kept aside as unreadable or refused"),
        )
        if number
    ]
    arrived = f"{count(entry.rows_read, 'row')} that arrived"
    told = [
        f"Of {arrived} {entry.loaded:,} were taken in; {join(kept)}."
        if kept
        else f"All {arrived} were taken in."
    ]
    if entry.rows_read == 0:
        told = ["No row arrived."]
    if entry.damaged_text_count:
        told.append(
            f"{count(entry.damaged_text_count, 'name')} came damaged and stand as they came."
        )
    if entry.falling_counter_count:
        told.append(
            f"{count(entry.falling_counter_count, 'total')} fell since the week before, which "
            "totals should not."
        )
    return " ".join(told)


def _show_files(facts: WeekFacts) -> Markup:
    header = [
        ("file", WORDS),
        ("what it was", WORDS),
        ("what became of it", WORDS),
        ("rows", ""),
        ("taken in", ""),
        ("repeated", ""),
        ("kept aside", ""),
    ]
    rows = [_file(row) for row in facts.exports]
    refused = [
        cut_text(f"{cut_text(row['file_name'])} was refused: {row['reason']}", MOST_TOLD)
        for row in facts.exports
        if row["reason"]
    ]
    return (bullets(refused) if refused else "") + (
        fold(f"Files: {len(rows)}", make_table(header, rows, "Files of the week", kind=STACKED))
        if rows
        else ""
    )


def _file(row: Row) -> list[Cell]:
    return [
        isolate(row["file_name"]),
        escape(row["arrival"] or NOTHING),
        escape(row["status"]),
        f"{row['rows_read']:,}",
        f"{row['loaded']:,}",
        f"{row['duplicate']:,}",
        f"{row['quarantined']:,}",
    ]


def _show_drift(facts: WeekFacts) -> Markup:
    decision = facts.entry.drift_decision
    if decision is None:
        return paragraph("Whether the week is like those before it was not judged.")
    is_judged = bool(facts.checks)
    told = _DECISIONS[decision] if is_judged or decision != "quiet" else _SAY_UNJUDGED
    reasons = [cut_text(_say_reason(text), MOST_TOLD) for text in facts.entry.drift_reasons]
    shown = paragraph(told)
    if decision == "quarantine":
        shown += paragraph(_say_remedy(facts), "note")
    if decision != "quiet":
        return shown + bullets(reasons) + _show_checks(facts)
    return shown + (_show_checks(facts, reasons) if is_judged else "")


def _say_reason(reason: str) -> str:
    start, _, because = reason.partition(": ")
    return f"{_THEREFORE[start]} ({because})" if start in _THEREFORE else reason


def _say_remedy(facts: WeekFacts) -> str:
    entry = facts.entry
    return (
        "Mend the file and land it again; or, if it is true after all, "
        f"“songpop accept {entry.feed} {entry.week}” lets it in."
    )


_THEREFORE: Final = {
    "therefore warn": "So it is told, and nothing else is done",
    "therefore retrain": "So a new model was to be tried",
    "therefore quarantine": "So the week was kept out",
}
"""How ``songpop.drift.words`` ends its reasons, and how the page does."""
_SAY_UNJUDGED: Final = (
    "Whether the week is like those before it could not be judged: there are fewer than three to "
    "compare it with."
)


def _show_checks(facts: WeekFacts, reasons: list[str] | None = None) -> Markup:
    """Return the checks, folded; those that went farthest first."""
    checks = facts.checks
    if not checks:
        return ""
    header = [
        ("check", WORDS),
        ("of", WORDS),
        ("found", ""),
        ("counts from", ""),
        ("verdict", WORDS),
        ("in words", WORDS),
    ]
    shown = checks[:_MOST_CHECKS]
    loud = sum(row["verdict"] != "pass" for row in checks)
    caption = f"The {len(shown)} of {len(checks)} checks that come nearest to their threshold"
    return fold(
        f"Checks: {len(checks):,}, of which {loud:,} spoke up",
        (bullets(reasons) if reasons else "")
        + make_table(header, [_check(row) for row in shown], caption, kind=STACKED),
    )


def _check(row: Row) -> list[Cell]:
    return [
        escape(row["check_name"].replace("_", " ")),
        escape((row["column_name"] or "the week").replace("_", " ")),
        _show_figure(row["statistic"]),
        _show_figure(row["threshold"]),
        escape(row["verdict"]),
        tell(row["details"] or ""),
    ]


def _show_figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3g}".replace("-", "−")
