"""What the drift policy says of real charts: every week that is not quiet, with its reasons.

``python -m tests.benchmarks.drift.charts WAREHOUSE FROM TO`` reads the loaded weeks of every feed
of a warehouse (``songpop backfill`` on the charts' history makes it) and judges them as the weekly
run does, but for the champion: one is taken to have been trained on the 26 weeks up to five weeks
before, thirteen weeks after the last or when the policy retrains, and nothing is scored. Prints
Markdown.
"""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from songpop.drift.assess import assess_week
from songpop.drift.domain import judge_domain
from songpop.drift.gather import WeekRows, gather_domain, make_profile
from songpop.drift.plausibility import judge_plausibility
from songpop.drift.policy import Decision, PolicyFacts, decide
from songpop.drift.profile import WeekProfile
from songpop.drift.references import MOST_TRAINING_WEEKS, RECENT_WEEKS, References
from songpop.drift.verdict import Verdict
from songpop.drift.words import describe_decision
from songpop.formats.registry import load_formats
from songpop.formats.spec import FormatSpec
from songpop.settings import DriftSettings

_EMBARGO_WEEKS = 5
_REFRESH_WEEKS = 13
_WARM_UP_WEEKS = 32
_YEAR = dt.timedelta(weeks=52)
_NEAR = dt.timedelta(days=10)
_MOST_SHOWN = 2

Judged = tuple[dt.date, Decision, tuple[str, ...]]


def judge_feed(
    con: duckdb.DuckDBPyConnection, feed: str, spec: FormatSpec, from_week: dt.date
) -> Iterator[Judged]:
    """Yield the decision about each week of a feed, with its reasons."""
    settings = DriftSettings()
    weeks = con.execute(
        "select w.week, w.rows_count, list(distinct e.layout) from core.weeks as w "
        "inner join raw.exports as e on w.feed = e.feed and w.week = e.week "
        "where w.feed = $feed and w.week >= $from_week and e.status = 'loaded' "
        "group by all order by w.week",
        {"feed": feed, "from_week": from_week - dt.timedelta(weeks=_WARM_UP_WEEKS + 52)},
    ).fetchall()
    history: list[WeekProfile] = []
    earlier: list[list[Verdict]] = []
    areas: list[float] = []
    trained: dt.date | None = None
    learned: tuple[WeekProfile, ...] = ()
    for week, rows_count, layouts in weeks:
        profile = make_profile(con, WeekRows(feed, week, rows_count, tuple(layouts)), spec)
        is_due = trained is None or (week - trained).days >= 7 * _REFRESH_WEEKS
        if is_due and len(history) >= _WARM_UP_WEEKS:
            learned, trained = tuple(history[:-_EMBARGO_WEEKS][-MOST_TRAINING_WEEKS:]), week
        references = References(
            training=learned,
            recent=tuple(history[-RECENT_WEEKS:]),
            year_ago=tuple(one for one in history if abs(week - _YEAR - one.week) <= _NEAR),
        )
        verdicts = judge_plausibility(profile, references, spec, settings)
        verdicts += assess_week(profile, references, settings)
        verdicts += _judge_domain(con, feed, profile, references, areas, settings)
        metrics = [metric.name for metric in spec.metrics]
        facts = PolicyFacts(week, earlier, {}, metrics, trained if trained != week else None)
        decision = decide(verdicts, facts, settings)
        if decision.decision == "retrain":
            learned, trained = tuple(history[:-_EMBARGO_WEEKS][-MOST_TRAINING_WEEKS:]), week
        history.append(profile)
        earlier.insert(0, verdicts)
        if learned and week >= from_week:
            yield week, decision, describe_decision(decision, verdicts, spec)


def _judge_domain(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    profile: WeekProfile,
    references: References,
    areas: list[float],
    settings: DriftSettings,
) -> list[Verdict]:
    like = [one for one in references.training if one.weeks_apart == profile.weeks_apart]
    now = gather_domain(con, feed, profile, _spec_of(con, feed), settings.domain_rows)
    then = gather_domain(
        con, feed, like[-1] if like else None, _spec_of(con, feed), settings.domain_rows
    )
    if now is None or then is None:
        return []
    found = judge_domain(now, then, areas[-MOST_TRAINING_WEEKS:], settings)
    areas += [found.statistic] if found else []
    return [found] if found else []


def _spec_of(con: duckdb.DuckDBPyConnection, feed: str) -> FormatSpec:
    row = con.execute("select max(format) from core.weeks where feed = $feed", {"feed": feed})
    found = row.fetchone()
    return load_formats(None)[found[0] if found else ""]


def main(warehouse: Path, from_week: dt.date, to_week: dt.date) -> None:
    """Print the table of every feed."""
    con = duckdb.connect(str(warehouse / "private" / "songpop.duckdb"), read_only=True)
    feeds = [row[0] for row in con.execute("select distinct feed from core.weeks").fetchall()]
    for feed in sorted(feeds):
        counts: dict[str, int] = {}
        print(f"\n#### {feed}\n\n| week | decision | because | reasons |\n|---|---|---|---|")  # noqa: T201 - its output
        for week, decision, reasons in judge_feed(con, feed, _spec_of(con, feed), from_week):
            if week > to_week:
                continue
            counts[decision.decision] = counts.get(decision.decision, 0) + 1
            if decision.decision != "quiet":
                told = "; ".join(reasons[:_MOST_SHOWN])
                print(f"| {week} | {decision.decision} | {decision.because} | {told} |")  # noqa: T201 - as above
        print(f"\n{counts}")  # noqa: T201 - as above


if __name__ == "__main__":
    main(Path(sys.argv[1]), dt.date.fromisoformat(sys.argv[2]), dt.date.fromisoformat(sys.argv[3]))
