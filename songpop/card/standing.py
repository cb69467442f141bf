"""Where a model stands beside its baselines, in words that claim no more than the intervals do."""

import datetime as dt

from songpop.card.markdown import level, plain, rows_of, signed
from songpop.card.material import CardMaterial
from songpop.evaluate.clusters import Difference
from songpop.evaluate.report import WHOLE, Comparison, Evaluation, ModelFigures
from songpop.model.calibration import MIN_ROWS_COUNT, Calibration
from songpop.policy import STAND_INS
from songpop.settings import LabelKind
from songpop.splits import MIN_FIT_WEEKS

_BASELINES = {
    "constant": "one score for all, the share of high tracks; its lists go by track id",
    "persistence": "what is large today stays large",
    "logistic": "logistic regression on the same inputs",
    "boosting": "gradient-boosted trees on the same features",
}


def explain_baseline(name: str, label: LabelKind) -> str:
    """Return what a baseline goes by; of persistence that depends on the label."""
    if name == "persistence" and label == "growth":
        return "what gained most lately goes on gaining"
    return _BASELINES.get(name, "a further baseline")


def explain_identity(calibration: Calibration) -> str:
    """Return why scores could not be calibrated."""
    if calibration.rows_count < MIN_ROWS_COUNT:
        return f"{rows_of(calibration.rows_count)} were left for it, and it takes {MIN_ROWS_COUNT}"
    return (
        f"the {rows_of(calibration.rows_count)} that were left for it were all of one kind, or "
        "contradicted the ranking"
    )


def judge(difference: Difference) -> str:
    """Return what the 95 % interval of a difference in log loss shows."""
    if difference.high < 0:
        return "better: shown"
    if difference.low > 0:
        return "worse: shown"
    if difference.mean == 0:
        return "the same"
    return f"{'better' if difference.mean < 0 else 'worse'}: not shown"


def lost_to(evaluation: Evaluation) -> tuple[Comparison, ...]:
    """Return the comparisons in which the model's log loss is the higher one, the worst first."""
    lost = [one for one in evaluation.comparisons if one.log_loss.mean > 0]
    return tuple(sorted(lost, key=lambda one: -one.log_loss.mean))


def best_baseline(evaluation: Evaluation, slice_title: str = WHOLE) -> ModelFigures | None:
    """Return the baseline with the lowest log loss in a slice; null without baselines."""
    others = evaluation.models[1:]
    return min(others, key=lambda one: one.slices[slice_title].log_loss, default=None)


def state_standing(material: CardMaterial) -> str:
    """Return the card's first lines: whether the model beats what is simpler."""
    evaluation = material.manifest.metrics.evaluation
    if evaluation is None or not evaluation.comparisons:
        return state_gap(material)
    if lost := lost_to(evaluation):
        return "\n\n".join(_state_loss(evaluation, comparison) for comparison in lost)
    figures = evaluation.models[0].whole
    best = best_baseline(evaluation)
    nearest = "" if best is None else f"{plain(best.model)}, {level(best.whole.log_loss)}"
    doubtful = [one.other for one in evaluation.comparisons if one.log_loss.high >= 0]
    return (
        f"On its {rows_of(figures.rows_count)} of test its log loss, {level(figures.log_loss)} "
        f"(lower is better), is no higher than any baseline's; the best of them is {nearest}. "
        + (
            f"That it is better than {' or '.join(plain(name) for name in doubtful)} is not shown: "
            "the difference may be luck."
            if doubtful
            else "Each difference is shown: its 95 % interval leaves out zero."
        )
    )


def _state_loss(evaluation: Evaluation, comparison: Comparison) -> str:
    own = evaluation.models[0].whole
    other = evaluation.model(comparison.other).whole
    gap = comparison.log_loss
    is_shown = "this is shown" if gap.low > 0 else "this may be luck"
    return (
        f"**It loses to {plain(comparison.other)}**: log loss {level(own.log_loss)} against "
        f"{level(other.log_loss)} on {rows_of(own.rows_count)} of test, lower is better "
        f"(difference {signed(gap.mean)}, 95 % interval {signed(gap.low)} to {signed(gap.high)}: "
        f"{is_shown})."
    )


def state_gap(material: CardMaterial) -> str:
    """Return what is not known about a model without a comparison, and since when it can be."""
    if material.model.kind in STAND_INS:
        return (
            "It is one of the simplest models itself. It stands in for a network that did worse on "
            "the test rows; the decision below has both figures."
        )
    if material.test is not None:
        return "**Not compared**: it has test figures, but they were not set beside any baseline's."
    if material.model.label == "snapshot":
        return (
            "**Not tested**: the export had too few artists for a test of its own, so nothing is "
            "known about how good it is. Its label is about the export itself, so later weeks "
            "do not tell either."
        )
    horizon_weeks = material.model.horizon_weeks
    needed = MIN_FIT_WEEKS + 3 * horizon_weeks
    return (
        "**Not tested**: no week was left for a test, so nothing is known yet about how good it "
        f"is. A test takes at least {needed} weeks with known outcomes. {state_watch(material)}"
    )


def state_watch(material: CardMaterial) -> str:
    """Return where, and since when, one sees how the published scores of a model did."""
    model = material.model
    if not material.is_promoted:
        return (
            "It was refused when it was trained, so there are no published scores of it to judge."
        )
    first = model.trained_week + dt.timedelta(weeks=model.horizon_weeks)
    return (
        "How its published scores did stands in `mart.model_performance`, "
        f"week by week, once the export of {first} or a later one has come."
    )
