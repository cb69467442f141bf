"""A run's log: a line when a week is published, then what else there is to know."""

from collections.abc import Iterator
from typing import Final

from songpop.pipeline.report import Report, list_warnings

MOST_WEEKS: Final = 24
"""Told one by one: a log is read on a screen. A backfill's other weeks are in ``mart.weeks``."""


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
    if not report["weeks"]:
        yield f"nothing new: {report['known_exports']} exports are known already"
    for model in report["models"][-MOST_WEEKS:]:
        yield f"{model['feed']} {model['week']}: {model['version']} {model['decision']}"
    for feed, warning in list_warnings(report).items():
        yield f"{feed}: its model {warning}"
    for feed, stale in report["stale"].items():
        remedy = f"`songpop backfill --feed {feed} --from {stale[0]}` renews them"
        yield f"{feed}: {len(stale)} weeks are stale; {remedy}"
    for feed, late in report["late"].items():
        yield f"{feed}: no export yet for {', '.join(late)}"
    for problem in report["problems"]:
        yield f"needs a person: {problem}"
