"""A run's log: a line when a week is published, then what else there is to know."""

from collections.abc import Iterable, Iterator
from typing import Final

from songpop.pipeline.report import Report, list_platform_lines, list_warnings

MOST_WEEKS: Final = 24
"""Told one by one: a log is read on a screen. A backfill's other weeks are in ``mart.weeks``."""

_MOST_LINES: Final = 5
"""Of one kind; a summary holds all."""


def tell_week(week: Report) -> str:
    """Return the line of one week: rows, drift, scores, seconds."""
    counts = {
        name: sum(export[name] for export in week["exports"])
        for name in ("loaded", "duplicate", "quarantined")
    }
    parts = [", ".join(f"{count} {name}" for name, count in counts.items())]
    parts += [f"drift {week['drift']}"] if week["drift"] else []
    if week["outcome"] == "scored":
        parts.append(
            f"{week['scored']} scored by {week['model_version']}, {week['high']} of them high"
        )
    else:
        parts.append("nothing accepted" if week["outcome"] == "refused" else "no model yet")
    parts.append(f"{sum(week['seconds'].values()):.1f} s")
    return f"{week['feed']} {week['week']}: {'; '.join(parts)}"


def tell_end(report: Report) -> Iterator[str]:
    """Yield the lines that follow those of the weeks."""
    yield from _first(list_platform_lines(report["platforms"]))
    if not report["weeks"] and not report["platforms"]["files"]:
        yield f"nothing new: {report['known_exports']} exports are known already"
    yield from _first(
        f"{model['feed']} {model['week']}: {model['version']} {model['decision']}"
        for model in report["models"]
    )
    yield from _first(
        f"{feed}: its model {warning}" for feed, warning in list_warnings(report).items()
    )
    yield from _first(
        f"{feed}: {len(stale)} weeks are stale; "
        f"`songpop backfill --feed {feed} --from {stale[0]}` renews them"
        for feed, stale in report["stale"].items()
    )
    yield from _first(
        f"{feed}: no export yet for {', '.join(late)}" for feed, late in report["late"].items()
    )
    pages = [one["page_problem"] for one in (*report["weeks"], report)]
    yield from _first(problem for problem in pages if problem is not None)
    yield from _first(f"failed: {failure}" for failure in report["failures"])
    yield from _first(f"needs a person: {problem}" for problem in report["problems"])


def _first(lines: Iterable[str]) -> Iterator[str]:
    """Yield the first lines of one kind, and how many there are beside."""
    everything = list(lines)
    yield from everything[:_MOST_LINES]
    if len(everything) > _MOST_LINES:
        yield f"… and {len(everything) - _MOST_LINES} more, in the summary"
