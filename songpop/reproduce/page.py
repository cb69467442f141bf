"""The page: every table and plot in one file that loads nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

from songpop.pages.document import figure, make_document, paragraph, table
from songpop.reproduce import plots
from songpop.reproduce.choice import Choice
from songpop.reproduce.headline import Headline
from songpop.reproduce.measure import NAMES
from songpop.reproduce.published import PUBLISHED
from songpop.reproduce.residuals import Residuals, Slice
from songpop.reproduce.run import ModelResult, Reproduction
from songpop.reproduce.words import (
    COMPARED,
    describe_choices,
    describe_residuals,
    show_difference,
    show_figure,
    show_setting,
)

_LEAK: Final = (
    "The label is Track Score above its median, and Track Score is among the features. These "
    "figures say nothing about predicting potential."
)
_NETWORKS: Final = ("vanilla", "l1", "l2")


def make_page(found: Reproduction) -> str:
    """Return the whole HTML document."""
    leak = [result for result in found.results if result.is_leak]
    honest = [result for result in found.results if not result.is_leak]
    counts = found.rows_counts
    title = "The published table, with and without its leak"
    sections = [
        f"<h1>{title}</h1>",
        paragraph(
            f"{found.file_name}: {counts['rows']:,} rows in file order, {counts['left_out']} left "
            f"out; ages counted from {found.week}. The published split: {counts['fit']:,} rows "
            f"to fit and choose on, {counts['test']:,} to test on, {counts['test_high']} high. "
            f"Figures are means of {found.plan.seeds_count} seeds, ± their standard deviation."
        ),
        "<h2>Leak-free</h2>",
        _results_table(honest),
        paragraph(COMPARED),
        _headline(found.headline),
        "<h2>With Track Score: a leak</h2>",
        paragraph(_LEAK, "warn"),
        _results_table(leak),
        _residuals(found.residuals),
        _choices(found),
        _plots(leak, honest, found),
    ]
    return make_document(title, sections)


def _results_table(results: Sequence[ModelResult]) -> str:
    rows = [_result_row(result) for result in results]
    if results[0].is_leak:
        for name, figures in PUBLISHED.items():
            values = asdict(figures)
            cells = (f"{values[key]:.4f}" if key in values else "" for key in NAMES)
            rows.append([f"published {name} (leak)", *cells])
    return table(["model", *(name.replace("_", " ") for name in NAMES)], rows)


def _result_row(result: ModelResult) -> list[str]:
    mean, spread = asdict(result.mean), asdict(result.spread)
    cells = (show_figure(mean[name], spread[name], is_drawn=result.is_drawn) for name in NAMES)
    return [_name(result), *cells]


def _name(result: ModelResult) -> str:
    return f"{result.model} (leak)" if result.is_leak else result.model


def _headline(headline: Headline) -> str:
    rows = [
        [model.model, *(f"{value:.4f}" for value in asdict(model.measures).values())]
        for model in headline.models
    ]
    compared = [
        [f"l2 less {one.other}", show_difference(one.log_loss), show_difference(one.auc)]
        for one in headline.comparisons
    ]
    return (
        "<h3>The headline: five folds by artist</h3>"
        + paragraph(
            "Every row scored once, by a model that has not seen its artist and whose settings, of "
            "those offered, were chosen inside the other folds. Differences are paired by row, "
            "with 95 % intervals from a bootstrap over artists; below 0 the network has the lower "
            "loss."
        )
        + table(["model", *(name.replace("_", " ") for name in NAMES)], rows)
        + table(["difference", "log loss", "AUC"], compared)
    )


def _residuals(residuals: Residuals) -> str:
    return (
        "<h2>What is missing to 98 %</h2>"
        + paragraph(" ".join(describe_residuals(residuals)))
        + _slices("how sure the score is, surest first", residuals.by_sureness)
        + _slices("metrics", residuals.by_missing)
        + _slices("age", residuals.by_age)
        + _slices("Track Score's distance from its median", residuals.by_distance)
    )


def _slices(title: str, slices: Iterable[Slice]) -> str:
    header = [title, "rows", "high", "errors", "share of all errors", "log loss", "bias"]
    rows = [
        [
            one.title,
            f"{one.rows_count:,}",
            f"{one.base_rate:.1%}",
            f"{one.error_rate:.1%}",
            f"{one.errors_share:.1%}",
            f"{one.log_loss:.4f}",
            f"{one.bias:+.4f} ± {one.bias_error:.4f}",
        ]
        for one in slices
    ]
    return table(header, rows)


def _choices(found: Reproduction) -> str:
    results = found.results
    rows = [
        [
            f"{result.features}, {_name(result)}",
            show_setting(result.choice.setting),
            str(len(result.choice.trials)),
            f"{result.choice.raw_log_loss:.4f}",
            f"{result.choice.calibrated_log_loss:.4f}",
            "Platt" if result.choice.is_calibrated else "raw",
        ]
        for result in results
    ]
    header = ["model", "chosen", "tried", "inner log loss", "with Platt scaling", "scores"]
    trials = [
        [*map(str, trial.setting.values()), f"{trial.log_loss:.5f}"]
        for trial in _choice_of(results, "l2").trials
    ]
    return (
        "<h2>What was chosen, inside the rows to fit on</h2>"
        + paragraph(" ".join(describe_choices(found)))
        + table(header, rows)
        + "<h3>The grid of the leak-free l2 network</h3>"
        + table(["λ", "softness", "epochs", "members", "inner log loss"], trials)
    )


def _choice_of(results: Sequence[ModelResult], model: str) -> Choice:
    return next(one.choice for one in results if one.model == model and not one.is_leak)


def _plots(leak: Sequence[ModelResult], honest: Sequence[ModelResult], found: Reproduction) -> str:
    networks = [result for result in honest if result.model in _NETWORKS]
    leaking = [result for result in leak if result.model in _NETWORKS]
    penalised = {
        f"{result.model}, {'leak' if result.is_leak else 'leak-free'}": result.choice
        for result in found.results
        if result.model in {"l1", "l2"}
    }
    figures = {
        "ROC curves, published test rows": plots.draw_roc(
            {"leak-free": honest, "with Track Score (leak)": leak}, found.test_y
        ),
        "Confusion matrices, leak-free": plots.draw_confusions(honest, found.test_y),
        "Confusion matrices, with Track Score (leak)": plots.draw_confusions(leak, found.test_y),
        "Learning curves, leak-free": plots.draw_learning_curves(networks),
        "Learning curves, with Track Score (leak)": plots.draw_learning_curves(leaking),
        "The grid of λ": plots.draw_grid(penalised),
    }
    return "<h2>Plots</h2>" + "".join(figure(title, svg) for title, svg in figures.items())
