"""The plots, as SVG text that stands inside a page: nothing to load, nothing to run."""

import io
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from songpop.reproduce.choice import Choice
from songpop.reproduce.measure import count_confusion
from songpop.reproduce.run import ModelResult

Axes = Any
"""matplotlib.axes.Axes"""
Draw = Callable[[Axes], None]
Bools = NDArray[np.bool_]

_PANEL_INCHES: Final = (3.1, 2.9)
_INK: Final = "#1c2733"
_COLOURS: Final = {
    "vanilla": "#8a6d3b",
    "l1": "#b0532f",
    "l2": "#1f5fa8",
    "l2_single": "#6ea4dc",
    "logistic": "#777777",
    "boosting": "#2f8a57",
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
                axes.text(*place, f"{count}", ha="center", color="white" if dark else _INK)
            axes.set_xticks([0.5, 1.5], ["low", "high"])
            axes.set_yticks([0.5, 1.5], ["low", "high"])
            axes.set(title=result.model, xlabel="predicted", ylabel="truth")

        return draw

    return _render([panel(result) for result in results], columns=3)


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

    return _render([panel(*group) for group in groups.items()], columns=2, scale=1.4)


def draw_learning_curves(results: Sequence[ModelResult]) -> str:
    """Draw the losses after each epoch on the first inner fold: fitted rows and held ones."""

    def panel(result: ModelResult) -> Draw:
        curve = result.choice.curve
        epochs = np.arange(1, len(curve) + 1)

        def draw(axes: Axes) -> None:
            held = [one.judge if one.judge is not None else np.nan for one in curve]
            axes.plot(epochs, [one.fit for one in curve], label="fitted (dropout)", color="#8a6d3b")
            axes.plot(epochs, held, label="held inner fold", color="#1f5fa8")
            axes.axvline(result.choice.setting["epochs"], color="#777777", lw=0.8, ls=":")
            strength = result.choice.setting["lambda"]
            title = f"{result.model}, λ = {strength:g}"
            axes.set(title=title, xlabel="epoch", ylabel="log loss, nats")
            axes.set_ylim(0, min(0.7, 1.05 * max(one.fit for one in curve)))
            axes.legend(fontsize=7, frameon=False)

        return draw

    return _render([panel(result) for result in results], columns=3)


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
                    color="#1f5fa8",
                    alpha=shade,
                    label=label,
                )
            axes.set_xscale("log")
            axes.set(title=title, xlabel="λ", ylabel="inner log loss, nats")
            axes.legend(fontsize=7, frameon=False)

        return draw

    return _render([panel(*one) for one in choices.items()], columns=2, scale=1.2)


def _roc(y: Bools, p: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    order = np.argsort(-p, kind="stable")
    last_of_tie = np.append(np.diff(p[order]) != 0, [True])
    hits = np.cumsum(y[order])[last_of_tie]
    misses = np.cumsum(~y[order])[last_of_tie]
    return np.append([0.0], misses / (~y).sum()), np.append([0.0], hits / y.sum())


def _render(panels: Sequence[Draw], columns: int, scale: float = 1.0) -> str:
    """Draw panels in rows of *columns*; return one ``<svg>`` element."""
    # Four seconds of import, the first time, that no other command pays.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - as above
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    rows = -(-len(panels) // columns)
    style: Any = {
        "svg.hashsalt": "songpop",  # else every rendering has other ids
        "font.size": 8,
        "text.color": _INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with mpl.rc_context(style):
        width, height = (scale * inches for inches in _PANEL_INCHES)
        figure: Any = Figure(figsize=(width * columns, height * rows), layout="constrained")
        for number, draw in enumerate(panels, start=1):
            draw(figure.add_subplot(rows, columns, number))
        written = io.StringIO()
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None})
    text = written.getvalue()
    return text[text.index("<svg") :]
