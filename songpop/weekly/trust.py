"""How sure the model is, how it did where the outcome is known, and beside what is simpler."""

from collections.abc import Sequence
from math import log
from typing import Final

from songpop.pages.document import escape, fold, heading, paragraph
from songpop.weekly.facts import Row, ScoredFacts
from songpop.weekly.outcomes import Outcomes, measure_outcomes
from songpop.weekly.tables import STACKED, WORDS, Cell, Markup, make_table, show_bar
from songpop.weekly.texts import NOTHING, count, show_day, show_score, show_share
from songpop.weekly.words import name_kind, say_meaning

_WHOLE: Final = "all rows"
_STEPS: Final = 5
_COIN: Final = 0.5
_PER_CENT: Final = 100
_FAIR_TRACKS: Final = 50
"""Fewest tracks of which a share says something: its standard error is at most 7 points."""


_FAIR_EXCESS: Final = 0.03
"""What scores may promise beyond what came without being called too hopeful."""


def show_trust(scored: ScoredFacts) -> Markup:
    """Return the section: meaning, known outcomes, reliability, baselines."""
    return (
        heading("How sure is this?")
        + paragraph(_say_model(scored))
        + _show_outcomes(scored)
        + _show_baselines(scored)
    )


def _say_model(scored: ScoredFacts) -> str:
    model = scored.model
    kind = name_kind(model.kind, model.label)
    return (
        f"A score is the chance {say_meaning(model)}; from one half on the potential is called "
        f"high. The model: {kind}, trained in the week that ended on "
        f"{show_day(model.trained_week)}, on {count(model.rows_count, 'row')} of "
        f"{count(model.weeks_count, 'week')}. The likely place is meant to hold four times out of "
        "five."
    )


def _show_outcomes(scored: ScoredFacts) -> Markup:
    if not scored.matured:
        horizon = count(scored.model.horizon_weeks, "week")
        told = (
            "What a score for the present is worth shows in the tests alone."
            if scored.model.label == "snapshot"
            else f"No outcome is known yet: that takes {horizon} from the first scores on."
        )
        return paragraph(told) + _show_tested(scored)
    known = measure_outcomes(scored.matured)
    total = sum(row["tracks_count"] for row in scored.outcomes)
    inside = sum(row["inside_count"] for row in scored.outcomes) / total
    promised = sum(row["score_mean"] * row["tracks_count"] for row in scored.outcomes) / total
    held = sum(row["high_count"] for row in scored.outcomes) / total
    told = (
        f"Of {count(total, 'call')} whose outcome is known by now, {show_share(known.right)} were "
        f"right. The scores promised {show_share(promised)} high tracks, and "
        f"{show_share(held)} turned out high{_say_bias(promised - held)}. {show_share(inside)} of "
        "the tracks ended at a likely place as foretold; that is meant to be 80\u00a0%."
        f"{_say_models(scored)}"
    )
    header = [("score", ""), ("tracks", ""), ("mean score", ""), ("turned out high", "")]
    rows = [
        _step(row["step"], row["tracks_count"], row["score_mean"], row["high_count"])
        for row in scored.outcomes
    ]
    return (
        paragraph(told)
        + _show_rivals(known)
        + make_table(header, rows, "Do the scores mean what they say?")
        + fold("Every week whose outcome is known", _show_weeks(scored.matured))
    )


def _show_rivals(known: Outcomes) -> Markup:
    """Return the published scores beside simpler ways, on the same weeks."""
    header = [("way of scoring", WORDS), ("right", ""), ("pairs in order", "")]
    rows: list[list[Cell]] = [
        ["<strong>the published scores</strong>", _bar(known.right), show_share(known.order)]
    ]
    if known.persistence is not None:
        rows.append(
            [
                "as many of the largest tracks",
                _bar(known.persistence),
                show_share(known.persistence_order),
            ]
        )
    rows.append(["the same answer for all", _bar(known.constant), show_share(_COIN)])
    note = (
        "Largest by what they had that week; the same answer is the one that proved more frequent. "
        "Pairs in order: of a track that turned out high and one that did not, how often the "
        "former was ranked above."
    )
    caption = "The published scores beside simpler ways, on weeks whose outcome is known"
    return make_table(header, rows, caption) + paragraph(f"{_say_lead(known)} {note}", "note")


def _say_lead(known: Outcomes) -> str:
    best = max(known.constant, known.persistence or 0.0)
    lead = round(_PER_CENT * known.right) - round(_PER_CENT * best)
    if lead > 0:
        return f"The scores were right for {count(lead, 'point')} more than the better of these."
    if lead < 0:
        return f"A simpler way would have been right for {count(-lead, 'point')} more."
    return "A simpler way would have been right as often."


def _say_models(scored: ScoredFacts) -> str:
    versions = {row["model_version"] for row in scored.matured}
    if len(versions) == 1:
        return ""
    return f" {len(versions)} models scored these weeks, one after another."


def _say_bias(excess: float) -> str:
    if abs(excess) < _FAIR_EXCESS:
        return ""
    return f": they were too {'hopeful' if excess > 0 else 'cautious'}"


def _show_tested(scored: ScoredFacts) -> Markup:
    test = scored.model.test
    if test is None:
        return ""
    header = [("mean score", ""), ("tracks", ""), ("were high", "")]
    rows: list[list[Cell]] = [
        [show_score(one["score_mean"]), f"{one['rows_count']:,}", _bar(one["true_share"])]
        for one in test["reliability"]
    ]
    title = "Do the scores mean what they say? On tracks that the model had not seen"
    return make_table(header, rows, title)


def _step(step: int, tracks_count: int, mean: float, high_count: int) -> list[Cell]:
    low, high = (100 * place // _STEPS for place in (step, step + 1))
    few = ' <span class="note">(few)</span>' if tracks_count < _FAIR_TRACKS else ""
    share = high_count / tracks_count
    return [
        (f"{low} to {high}\u00a0%", step),
        f"{tracks_count:,}{few}",
        show_share(mean),
        _bar(share),
    ]


def _bar(share: float) -> Markup:
    return f"{show_bar(share)} {show_share(share)}"


def _show_weeks(matured: Sequence[Row]) -> Markup:
    header = [
        ("week", WORDS),
        ("tracks", ""),
        ("were high", ""),
        ("right", ""),
        ("largest tracks", ""),
        ("same answer for all", ""),
        ("log loss", ""),
        ("of guessing", ""),
        ("ROC-AUC", ""),
        ("model", WORDS),
    ]
    rows: list[list[Cell]] = [
        [
            f"{row['week']}",
            f"{row['rows_count']:,}",
            show_share(row["base_rate"]),
            show_share(row["accuracy"]),
            show_share(row["persistence_accuracy"]),
            show_share(max(row["base_rate"], 1 - row["base_rate"])),
            f"{row['log_loss']:.3f}",
            f"{_entropy(row['base_rate']):.3f}",
            NOTHING if row["auc"] is None else f"{row['auc']:.3f}",
            escape(name_kind(row["kind"], row["label"])),
        ]
        for row in matured
    ]
    note = (
        "Largest tracks, same answer for all: how often these simpler ways were right. "
        "Log loss: less is better; guessing knows the share of high tracks of each week, which "
        "nobody knew then. ROC-AUC: 0.5 is a coin, 1 is perfect."
    )
    table = make_table(header, rows, "How the published scores did, week by week", kind=STACKED)
    return table + paragraph(note, "note")


def _entropy(share: float) -> float:
    """Return the log loss, in nats, of guessing *share* for every row of which it is true."""
    return -sum(part * log(part) for part in (share, 1 - share) if part > 0)


def _show_baselines(scored: ScoredFacts) -> Markup:
    models = [one for one in scored.model.models if _WHOLE in one["slices"]]
    if not models:
        told = "It has not been compared with simpler ways: nothing was left to test it on."
        return paragraph(told) if scored.model.test is None else ""
    rows_count = models[0]["slices"][_WHOLE]["rows_count"]
    header = [("way of scoring", WORDS), ("right", ""), ("log loss", ""), ("ROC-AUC", "")]
    label = scored.model.label
    rows = [_baseline(one, label, is_own=place == 0) for place, one in enumerate(models)]
    caption = f"Beside simpler ways, on {count(rows_count, 'track')} that none of them had seen"
    return make_table(header, rows, caption) + paragraph(_say_verdict(scored), "note")


def _baseline(one: Row, label: str, *, is_own: bool) -> list[Cell]:
    figures = one["slices"][_WHOLE]
    name = escape(name_kind(str(one["model"]), label))
    return [
        f"<strong>{name}</strong>, which scored" if is_own else name,
        show_share(figures["accuracy"]),
        f"{figures['log_loss']:.3f}",
        NOTHING if figures["auc"] is None else f"{figures['auc']:.3f}",
    ]


def _say_verdict(scored: ScoredFacts) -> str:
    parts: list[str] = []
    for one in scored.model.comparisons:
        gap = one["log_loss"]
        verdict = (
            "better than"
            if gap["high"] < 0
            else "worse than"
            if gap["low"] > 0
            else "not shown to differ from"
        )
        parts.append(f"{verdict} {name_kind(one['other'], scored.model.label)}")
    return f"By log loss, with 95\u00a0% intervals, it is {'; '.join(parts)}." if parts else ""
