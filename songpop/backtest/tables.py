"""The tables of a backtest's page."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from songpop.backtest.plan import BacktestPlan
from songpop.backtest.run import Backtest
from songpop.backtest.words import (
    NOTHING,
    TITLES,
    judge_difference,
    show_difference,
    show_figure,
    show_share,
)
from songpop.evaluate.measures import Measures
from songpop.evaluate.report import WHOLE, Coverage, Evaluation, IntervalFigures
from songpop.model.metrics import ReliabilityBin
from songpop.pages.document import table
from songpop.splits import WeekBlocks

BESIDE: Final = ("network", "boosting")
"""Models whose figures stand side by side where there is no room for all."""
MOST_AUC_LOSS: Final = 0.02
"""Points of AUC that the network may lose to a baseline in a slice (DESIGN, Gate)."""


def table_models(evaluation: Evaluation) -> str:
    """Return every figure of each model on all rows."""
    header = ["model", "log loss", "Brier", "calibration error", "ROC-AUC", "PR-AUC"]
    header += ["precision at 20", "precision at 50", "lift at 20"]
    rows = [[TITLES[one.model], *_figures(one.whole)] for one in evaluation.models]
    whole = evaluation.models[0].whole
    caption = f"All {whole.rows_count:,} rows, of which {show_share(whole.base_rate)} are high"
    return table(header, rows, caption)


def _figures(measures: Measures) -> list[str]:
    values = [
        measures.log_loss,
        measures.brier,
        measures.calibration_error,
        measures.auc,
        measures.average_precision,
        measures.precision_at_20,
        measures.precision_at_50,
    ]
    lift = NOTHING if measures.lift_at_20 is None else f"{measures.lift_at_20:.2f}"
    return [*(show_figure(value) for value in values), lift]


def table_differences(evaluation: Evaluation) -> str:
    """Return the network's log loss and AUC less those of each baseline."""
    rows = [
        [
            f"network less {TITLES[one.other]}",
            show_difference(one.log_loss),
            show_difference(one.auc),
            {"better": "better", "worse": "worse", "not shown": "better is not shown"}[
                judge_difference(one.log_loss)
            ],
        ]
        for one in evaluation.comparisons
    ]
    marked = [
        place
        for place, one in enumerate(evaluation.comparisons)
        if judge_difference(one.log_loss) == "worse"
    ]
    header = ["difference", "log loss, nats", "ROC-AUC", "by log loss the network is"]
    caption = "Paired differences on the same rows, with 95 % intervals"
    return table(header, rows, caption, marked)


def table_origins(found: Backtest) -> str:
    """Return what each origin learned from and was tested on, and the log loss of each model."""
    models = [one.model for one in found.evaluation.models]
    rows = [
        [
            *_weeks(origin.weeks),
            *_rows_and_rate(origin.evaluation.model("network").whole),
            *(show_figure(origin.evaluation.model(name).whole.log_loss) for name in models),
        ]
        for origin in found.origins
    ]
    header = ["tested weeks", "fit weeks", "rows", "high", *(TITLES[name] for name in models)]
    return table(header, rows, "Log loss of each model, origin by origin")


def _weeks(weeks: WeekBlocks) -> list[str]:
    fit = (*weeks.fit, *weeks.stop)
    tested = f"{weeks.test[0]} to {weeks.test[-1]} ({len(weeks.test)})"
    return [tested, f"{len(fit)} until {fit[-1]}"]


def table_feeds(found: Backtest) -> str:
    """Return the figures of each feed, its intervals' coverage beside them."""
    rows = [
        [
            feed,
            *_rows_and_rate(evaluation.model("network").whole),
            *_side_by_side(evaluation, "log_loss"),
            *_side_by_side(evaluation, "auc"),
            show_difference(
                next(
                    (one.log_loss for one in evaluation.comparisons if one.other == BESIDE[1]), None
                )
            ),
        ]
        for feed, evaluation in found.by_feed.items()
    ]
    header = ["feed", "rows", "high", *_beside("log loss"), *_beside("ROC-AUC")]
    return table([*header, "log loss, network less boosting"], rows, "Each feed's rows alone")


def table_slices(evaluation: Evaluation, kind: str, caption: str) -> str:
    """Return network and boosting in the slices of a kind; empty where none has enough rows.

    Args:
        evaluation: of all rows.
        kind: ``size``, ``age`` or ``artist``, with which the slices' titles begin.
        caption: of the table.
    """
    titles = [title for title in evaluation.models[0].slices if title.startswith(f"{kind}: ")]
    if not titles:
        return ""
    notes = [note_auc_loss(evaluation, title) for title in titles]
    rows = [
        [
            title.removeprefix(f"{kind}: "),
            *_rows_and_rate(evaluation.models[0].slices[title]),
            *_side_by_side(evaluation, "log_loss", title),
            *_side_by_side(evaluation, "auc", title),
            note,
        ]
        for title, note in zip(titles, notes, strict=True)
    ]
    header = [kind, "rows", "high", *_beside("log loss"), *_beside("ROC-AUC"), "flag"]
    return table(header, rows, caption, [place for place, note in enumerate(notes) if note])


def note_auc_loss(evaluation: Evaluation, title: str) -> str:
    """Return by how much the network's AUC is below the best baseline's; empty up to 0.02."""
    own = evaluation.model("network").slices[title].auc
    others = {one.model: one.slices[title].auc for one in evaluation.models[1:]}
    gaps = {
        name: area - own for name, area in others.items() if own is not None and area is not None
    }
    worst = max(gaps, key=lambda name: gaps[name], default=None)
    if worst is None or gaps[worst] <= MOST_AUC_LOSS:
        return ""
    return f"ROC-AUC {gaps[worst]:.4f} below {TITLES[worst]}"


def table_reliability(bins: Sequence[ReliabilityBin]) -> str:
    """Return each bin's rows, mean score and share of high rows."""
    rows = [
        [
            str(number),
            f"{one.rows_count:,}",
            show_figure(one.score_mean),
            show_figure(one.true_share),
            f"{one.true_share - one.score_mean:+.4f}".replace("-", "−"),
        ]
        for number, one in enumerate(bins, start=1)
    ]
    header = ["bin", "rows", "mean score", "share high", "share less score"]
    return table(header, rows, "The network's scores in ten bins of equal mass")


def table_coverage(intervals: IntervalFigures) -> str:
    """Return coverage and width on all rows, of the constant interval, and by size."""
    rows = {WHOLE: intervals.slices[WHOLE]}
    rows[f"{WHOLE}, one constant interval"] = intervals.constant
    rows |= {title: one for title, one in intervals.slices.items() if title.startswith("size: ")}
    return _table_coverages("rows", rows.items(), "80 % intervals: coverage and mean width")


def table_coverage_weeks(intervals: IntervalFigures) -> str:
    """Return coverage and width of each tested week."""
    return _table_coverages("week", intervals.weeks.items(), "80 % intervals by tested week")


def _table_coverages(title: str, rows: Iterable[tuple[str, Coverage]], caption: str) -> str:
    cells = [
        [name, f"{one.rows_count:,}", show_share(one.coverage), f"{one.width:.4f}"]
        for name, one in rows
    ]
    return table([title, "number of rows", "coverage", "width, percentiles"], cells, caption)


def table_settings(plan: BacktestPlan) -> str:
    """Return every setting that decides the figures."""
    values: dict[str, Any] = plan.model_dump(mode="json")
    training: dict[str, Any] = values.pop("training")
    values |= {f"training.{name}": value for name, value in training.items()}
    return table(["setting", "value"], [[name, _show(value)] for name, value in values.items()])


def _show(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)  # pyright: ignore[reportUnknownVariableType] - settings of any kind
    return NOTHING if value is None else str(value)


def _rows_and_rate(measures: Measures) -> list[str]:
    return [f"{measures.rows_count:,}", show_share(measures.base_rate)]


def _side_by_side(evaluation: Evaluation, figure: str, title: str = WHOLE) -> list[str]:
    figures = {one.model: one.slices[title] for one in evaluation.models}
    return [
        show_figure(getattr(figures[name], figure)) if name in figures else NOTHING
        for name in BESIDE
    ]


def _beside(figure: str) -> list[str]:
    return [f"{figure}, {name}" for name in BESIDE]
