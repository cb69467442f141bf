"""The week in three sentences, and what must be said before them."""

import re
from typing import Final

from songpop.weekly.facts import Changes, Model, ScoredFacts, WeekEntry, WeekFacts
from songpop.weekly.outcomes import measure_outcomes
from songpop.weekly.texts import (
    count,
    follows,
    join,
    name_before,
    name_track,
    show_day,
    show_score,
    show_share,
    tell,
)

Markup = str


def say_meaning(model: Model) -> str:
    """Return what a score is the chance of."""
    weeks = count(model.horizon_weeks, "week")
    if model.label == "snapshot":
        return "that a track stands in the upper half of this week's list by Track Score"
    if model.label == "growth":
        return f"that a track gains more within {weeks} than the median track of its size"
    return f"that a track stands in the upper half of the list {weeks} from now"


def list_warnings(facts: WeekFacts) -> list[Markup]:
    """Return what a reader must know before the figures."""
    entry = facts.entry
    told: list[str] = []
    if facts.scored is None:
        newest = facts.previous_week
        last = f" The newest scores are those of {show_day(newest)}." if newest else ""
        told.append(_say_unscored(facts) + last)
    if entry.is_provisional:
        told.append(
            "Provisional: a simpler model scores this list until there is history enough for the "
            "full one."
        )
    if entry.model_warning is not None:
        told.append(f"Treat the scores with care: {_say_warning(entry, facts.scored)}.")
    if entry.stale_because is not None:
        told.append(
            f"Out of date: {entry.stale_because}. A backfill from there on renews this week."
        )
    return [tell(text) for text in told]


def _say_warning(entry: WeekEntry, scored: ScoredFacts | None) -> str:
    """Return a warning of ``songpop.gate.warning`` in words for those who use the scores."""
    warning = entry.model_warning or ""
    if warning.startswith("not yet compared"):
        return "the model has not been compared with simpler ways of scoring yet"
    lost = _LOST.match(warning)
    if lost is None:
        return f"the model {warning}"
    label = "level" if scored is None else scored.model.label
    others = [name_kind(name, label) for name in _LOSER.findall(lost[1])]
    simpler = " or ".join(others)
    return f"tested on {lost[2]} rows before it scored, the model did no better than {simpler}"


_LOST: Final = re.compile(r"does not beat (.*): log loss [\d.]+ on ([\d,]+) test rows")
_LOSER: Final = re.compile(r"(\w+) \([\d.]+\)")


def _say_unscored(facts: WeekFacts) -> str:
    entry = facts.entry
    if entry.rows_count is not None:
        return (
            f"No scores yet: {count(entry.rows_count, 'track')} were loaded, but the history is "
            "too short for a first model."
        )
    if entry.drift_decision == "quarantine":
        return (
            "No scores: this week was kept out, because its figures cannot be true as they stand. "
            "Nothing was learned from it."
        )
    return "No scores: the files of this week were refused, so nothing of it was loaded."


def summarise(facts: WeekFacts, scored: ScoredFacts) -> tuple[Markup, Markup, Markup]:
    """Return three sentences: how many tracks are high, which stand out, how far to trust it."""
    return (
        _say_counts(facts, scored.changes),
        _say_tracks(scored),
        _say_trust(scored),
    )


def _say_counts(facts: WeekFacts, changes: Changes) -> Markup:
    high = f"<strong>{changes.high_count:,} of {count(changes.tracks_count, 'track')}</strong>"
    start = f"{high} {'has' if changes.high_count == 1 else 'have'} high potential"
    if facts.previous_week is None:
        return f"{start}; this is the first week with scores."
    more = changes.high_count - changes.previous_high_count
    than = f"{abs(more):,} {'more' if more > 0 else 'fewer'} than" if more else "as many as"
    week, previous = facts.entry.week, facts.previous_week
    before = f"{'' if follows(week, previous) else 'in '}{name_before(week, previous)}"
    moves = [
        text
        for number, text in (
            (changes.rose_count, f"{changes.rose_count:,} crossed the line upwards"),
            (changes.fell_count, f"{changes.fell_count:,} fell below it"),
            (changes.new_high_count, f"{changes.new_high_count:,} came new to the list"),
            (changes.gone_high_count, f"{changes.gone_high_count:,} left it"),
        )
        if number
    ]
    return f"{start}, {than} {before}{': ' + join(moves) if moves else ''}."


def _say_tracks(scored: ScoredFacts) -> Markup:
    top = scored.tracks[0]
    parts = [f"{name_track(top)} leads with {show_score(top['score'])}"]
    if not scored.is_same_model:
        return f"{parts[0]}."
    for rows, words in ((scored.risers, "climbed most"), (scored.fallers, "lost most")):
        if rows:
            parts.append(
                f"{name_track(rows[0])} {words}, from {show_score(rows[0]['previous_score'])} to "
                f"{show_score(rows[0]['score'])}"
            )
    return f"{'; '.join(parts)}."


def _say_trust(scored: ScoredFacts) -> Markup:
    if scored.matured:
        known = measure_outcomes(scored.matured)
        weeks_count = len({row["week"] for row in scored.matured})
        weeks = count(weeks_count, "week") if weeks_count > 1 else "week"
        simpler = [
            f"{how} for {show_share(share)}"
            for how, share in (
                ("calling as many of the largest tracks high", known.persistence),
                ("giving every track the same answer", known.constant),
            )
            if share is not None
        ]
        simpler[0] = simpler[0].replace(" for ", " would have been right for ")
        return (
            f"In the last {weeks} whose outcome is known, {show_share(known.right)} of the calls "
            f"were right; {join(simpler)}."
        )
    test = scored.model.test
    if test is not None:
        tested = (
            f"f {count(test['rows_count'], 'track')} that the model had not seen it called "
            f"{show_share(test['accuracy'])} right"
        )
        if scored.model.label == "snapshot":
            return f"O{tested}; these scores speak of now, not of what will come."
        return f"How these scores turn out is not known yet; o{tested}."
    return "How these scores turn out is not known yet, and nothing was left to test the model on."


_KINDS: Final = {
    "network": "neural network",
    "logistic": "logistic regression",
    "boosting": "gradient boosting",
    "persistence": "today's size alone",
    "constant": "the same answer for all",
}


def name_kind(kind: str, label: str) -> str:
    """Return how a kind of model is called for those who use it; an unknown one by its own name.

    Persistence goes by what the label asks for: the size, or under ``growth`` its last change.
    """
    if kind == "persistence" and label == "growth":
        return "the last change of its size alone"
    return _KINDS.get(kind, kind)
