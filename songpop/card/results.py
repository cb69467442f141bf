"""How good a model is: figures beside its baselines, differences, slices."""

from songpop.card.markdown import (
    bullets,
    count,
    factor,
    level,
    plain,
    rows_of,
    share,
    signed,
    table,
)
from songpop.card.material import CardMaterial
from songpop.card.standing import (
    best_baseline,
    explain_baseline,
    judge,
    state_watch,
)
from songpop.evaluate.clusters import DRAWS_COUNT
from songpop.evaluate.measures import Measures
from songpop.evaluate.report import WHOLE, Comparison, Evaluation
from songpop.model.evaluation import BlockMetrics
from songpop.settings import LabelKind

_FIGURES = (
    "Log loss: how surprised the scores were by what came, in nats; "
    "a score of one half throughout has 0.693. Brier: mean squared error. "
    "Calibration error: mean distance between scores and the share that came true, over ten "
    "groups. AUC: how often a high track has a higher score than a low one; 0.5 is chance. "
    "Average precision: the share of high tracks from the top of the list down, over all lengths. "
    "At 20, at 50: share of high tracks among so many highest scores of a week; lift: that share "
    "over that of all rows. Of the first three lower is better, of the others higher."
)


def write_results(material: CardMaterial) -> str:
    """Return the section of test figures, with the differences from each baseline."""
    test, evaluation = material.test, material.manifest.metrics.evaluation
    if test is None:
        return "None: see the top of the card."
    if evaluation is None:
        return _alone(test)
    block = material.block("test")
    compared_count = evaluation.models[0].whole.rows_count
    where = f"On {rows_of(compared_count)} that it neither learned from nor was tuned on"
    if compared_count < test.rows_count:
        where += f", chosen evenly from {count(test.rows_count)}"
    if material.model.label != "snapshot" and block.first_week is not None:
        where += f", of the weeks {block.first_week} to {block.last_week}"
    watch = "" if material.model.label == "snapshot" else f"\n\n{state_watch(material)}"
    return (
        f"{where}. Baselines are fitted, tuned and calibrated on the same rows.\n\n"
        f"{_figures(evaluation)}\n\n{_FIGURES}\n\n"
        f"{_baselines(evaluation, material.model.label)}\n\n{_differences(evaluation)}{watch}"
    )


def write_slices(material: CardMaterial) -> str:
    """Return the section on slices of the test rows."""
    evaluation = material.manifest.metrics.evaluation
    titles = [] if evaluation is None else [t for t in evaluation.models[0].slices if t != WHOLE]
    if evaluation is None or not titles:
        return "None: a slice takes at least 100 test rows."
    header = ("slice", "rows", "high", "log loss", "best baseline", "AUC", "at 20")
    return table(header, (_slice_row(evaluation, title) for title in titles))


def _alone(test: BlockMetrics) -> str:
    return bullets(
        [
            f"{rows_of(test.rows_count)}, {share(test.base_rate)} of them high",
            (
                f"log loss {level(test.log_loss)}, Brier {level(test.brier)}, "
                f"AUC {level(test.auc)}, accuracy {share(test.accuracy)}"
            ),
            "not set beside any baseline",
        ]
    )


def _figures(evaluation: Evaluation) -> str:
    header = (
        "model",
        "log loss",
        "Brier",
        "calibration error",
        "AUC",
        "average precision",
        "at 20",
        "lift at 20",
        "at 50",
        "lift at 50",
    )
    names = [
        f"this model ({evaluation.models[0].model})",
        *(m.model for m in evaluation.models[1:]),
    ]
    figures = [one.whole for one in evaluation.models]
    return table(header, (_row(name, one) for name, one in zip(names, figures, strict=True)))


def _row(name: str, one: Measures) -> tuple[str, ...]:
    return (
        name,
        level(one.log_loss),
        level(one.brier),
        level(one.calibration_error),
        level(one.auc),
        level(one.average_precision),
        share(one.precision_at_20),
        factor(one.lift_at_20),
        share(one.precision_at_50),
        factor(one.lift_at_50),
    )


def _baselines(evaluation: Evaluation, label: LabelKind) -> str:
    names = [one.model for one in evaluation.models[1:]]
    return bullets(f"{plain(name)}: {explain_baseline(name, label)}" for name in names)


def _differences(evaluation: Evaluation) -> str:
    header = ("this model less", "log loss", "95 % interval", "AUC", "95 % interval", "so it is")
    rows = (_difference_row(one) for one in evaluation.comparisons)
    return (
        "Differences on the same rows, below zero better for the log loss, above zero for the "
        f"AUC. Intervals: {count(DRAWS_COUNT)} times, artists and weeks were drawn anew. "
        "Not shown: the interval of the log loss holds zero, so luck could do it.\n\n"
        + table(header, rows)
    )


def _difference_row(one: Comparison) -> tuple[str, ...]:
    loss, auc = one.log_loss, one.auc
    return (
        one.other,
        signed(loss.mean),
        f"{signed(loss.low)} to {signed(loss.high)}",
        "–" if auc is None else signed(auc.mean),
        "–" if auc is None else f"{signed(auc.low)} to {signed(auc.high)}",
        judge(loss),
    )


def _slice_row(evaluation: Evaluation, title: str) -> tuple[str, ...]:
    own = evaluation.models[0].slices[title]
    best = best_baseline(evaluation, title)
    other = "–" if best is None else f"{level(best.slices[title].log_loss)} ({best.model})"
    return (
        title,
        count(own.rows_count),
        share(own.base_rate),
        level(own.log_loss),
        other,
        level(own.auc),
        share(own.precision_at_20),
    )
