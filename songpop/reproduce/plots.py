"""The plots, as SVG text that stands inside a page: nothing to load, nothing to run."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.pages.drawing import PANEL_INCHES, Axes, Draw, render
from songpop.pages.style import BLUE, BROWN, GREEN, GREY, RUST, SKY
from songpop.reproduce.choice import Choice
from songpop.reproduce.measure import count_confusion
from songpop.reproduce.run import ModelResult

Bools = NDArray[np.bool_]

_CELL_INK: Final = "#10202e"
"""Of the counts in cells that stay light on a dark screen."""
_COLOURS: Final = {
    "vanilla": BROWN,
    "l1": RUST,
    "l2": BLUE,
    "l2_single": SKY,
    "logistic": GREY,
    "boosting": GREEN,
}


def draw_confusions(results: Sequence[ModelResult], y: Bools) -> str:
    """Draw the confusion matrix of each model's first seed on the published test rows."""

    def panel(result: ModelResult) -> Draw:
        counts = count_confusion(y, result.probabilities[0])
        cells = np.array(
            [
                [counts.true_negatives, counts.false_positives],
                [counts.false_negatives, counts.true_positives],
            ]
        )

        def draw(axes: Axes) -> None:
            axes.pcolormesh(cells, cmap="Blues", vmin=0, vmax=y.size)
            axes.invert_yaxis()
            for (row, column), count in np.ndenumerate(cells):
                dark = count > y.size / 2
                place = (column + 0.5, row + 0.5)
                axes.text(*place, f"{count}", ha="center", color="white" if dark else _CELL_INK)
            axes.set_xticks([0.5, 1.5], ["low", "high"])
            axes.set_yticks([0.5, 1.5], ["low", "high"])
            axes.set(title=result.model, xlabel="predicted", ylabel="truth")

        return draw

    return render([panel(result) for result in results], "Confusion matrices", columns=3)


def draw_roc(groups: dict[str, Sequence[ModelResult]], y: Bools) -> str:
    """Draw the ROC curves of each model's first seed, one panel a group, zoomed to the corner."""

    def panel(title: str, results: Sequence[ModelResult]) -> Draw:
        def draw(axes: Axes) -> None:
            for result in results:
                false_rate, true_rate = _roc(y, result.probabilities[0])
                label = f"{result.model} {result.mean.auc:.4f}"
                axes.plot(false_rate, true_rate, label=label, color=_COLOURS[result.model], lw=1.1)
            axes.set(
                title=title,
                xlabel="false positive rate",
                ylabel="true positive rate",
                xlim=(-0.01, 0.4),
                ylim=(0.6, 1.01),
            )
            axes.legend(fontsize=7, loc="lower right", frameon=False)

        return draw

    return render(
        [panel(*group) for group in groups.items()], "ROC curves", columns=2, inches=_scale(1.4)
    )


def draw_learning_curves(results: Sequence[ModelResult]) -> str:
    """Draw the losses after each epoch on the first inner fold: fitted rows and held ones."""

    def panel(result: ModelResult) -> Draw:
        curve = result.choice.curve
        epochs = np.arange(1, len(curve) + 1)

        def draw(axes: Axes) -> None:
            held = [one.judge if one.judge is not None else np.nan for one in curve]
            axes.plot(epochs, [one.fit for one in curve], label="fitted (dropout)", color=BROWN)
            axes.plot(epochs, held, label="held inner fold", color=BLUE)
            axes.axvline(result.choice.setting["epochs"], color=GREY, lw=0.8, ls=":")
            strength = result.choice.setting["lambda"]
            title = f"{result.model}, λ = {strength:g}"
            axes.set(title=title, xlabel="epoch", ylabel="log loss, nats")
            axes.set_ylim(0, min(0.7, 1.05 * max(one.fit for one in curve)))
            axes.legend(fontsize=7, frameon=False)

        return draw

    return render([panel(result) for result in results], "Learning curves", columns=3)


def draw_grid(choices: dict[str, Choice]) -> str:
    """Draw the inner log loss of each λ, a line for each number of epochs."""

    def panel(title: str, choice: Choice) -> Draw:
        singles = [
            trial
            for trial in choice.trials
            if trial.setting["members"] == 1
            and trial.setting["softness"] == choice.setting["softness"]
        ]
        ends = sorted({trial.setting["epochs"] for trial in singles})

        def draw(axes: Axes) -> None:
            for place, epochs in enumerate(ends):
                points = {
                    t.setting["lambda"]: t.log_loss
                    for t in singles
                    if t.setting["epochs"] == epochs
                }
                shade = 0.25 + 0.75 * place / max(len(ends) - 1, 1)
                label = f"{epochs:g} epochs"
                axes.plot(
                    *zip(*sorted(points.items()), strict=True),
                    "o-",
                    ms=3,
                    color=BLUE,
                    alpha=shade,
                    label=label,
                )
            axes.set_xscale("log")
            axes.set(title=title, xlabel="λ", ylabel="inner log loss, nats")
            axes.legend(fontsize=7, frameon=False)

        return draw

    return render(
        [panel(*one) for one in choices.items()],
        "Inner log loss by λ",
        columns=2,
        inches=_scale(1.2),
    )


def _roc(y: Bools, p: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    order = np.argsort(-p, kind="stable")
    last_of_tie = np.append(np.diff(p[order]) != 0, [True])
    hits = np.cumsum(y[order])[last_of_tie]
    misses = np.cumsum(~y[order])[last_of_tie]
    return np.append([0.0], misses / (~y).sum()), np.append([0.0], hits / y.sum())


def _scale(factor: float) -> tuple[float, float]:
    width, height = PANEL_INCHES
    return factor * width, factor * height
