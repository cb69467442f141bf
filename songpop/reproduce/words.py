"""Figures as words, the same on the terminal and on the page."""

from collections.abc import Iterator
from typing import Final

from songpop.evaluate.clusters import Difference
from songpop.reproduce.residuals import Residuals, Slice
from songpop.reproduce.run import Reproduction

COMPARED: Final = (
    "l2 is a study's network: soft targets, hinges and an ensemble, as boosting has soft targets "
    "and an ensemble; l2_single is its first member alone. The weekly model is one network, with a "
    "teacher and averaged epochs. The published loss holds its penalty and its networks were not "
    "scaled; these losses hold none. A model without ± draws nothing: each seed gives the same."
)
"""What a reader must know before comparing the rows."""

_SURE_ERRORS: Final = 2
"""Standard errors from which on a bias is taken for one."""
_MOST_BLIND: Final = 0.5
"""Share of rows left out beyond which what is left says nothing."""


def show_difference(difference: Difference | None) -> str:
    """Return a difference with its interval, to four digits; nothing for null."""
    if difference is None:
        return ""
    return f"{difference.mean:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}]"


def show_figure(mean: float, spread: float, *, is_drawn: bool) -> str:
    """Return a mean over seeds with its standard deviation; alone where nothing is drawn."""
    return f"{mean:.4f} ± {spread:.4f}" if is_drawn else f"{mean:.4f}"


def show_setting(setting: dict[str, float]) -> str:
    """Return a setting as ``name value, name value``."""
    return ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in setting.items())


def describe_residuals(residuals: Residuals) -> Iterator[str]:
    """Yield in sentences how far the leak-free score is from 98 %, and what is missing."""
    right, sure = residuals.accuracy, residuals.sure_share
    yield f"{right.mean:.1%} [{right.low:.1%}, {right.high:.1%}] of all rows are right."
    if sure:
        yield (
            f"Of the {sure:.0%} of rows that the score is surest of, 98 % are: so near one gets "
            "without knowing the answer."
        )
    else:
        yield "Not even of the rows that the score is surest of are 98 %."
    first, last = residuals.by_missing[0], residuals.by_missing[-1]
    if first is not last:
        yield _describe_missing(first, last)
    yield _describe_newest(residuals.by_age[0])
    yield from _describe_blind(residuals)


def _describe_missing(first: Slice, last: Slice) -> str:
    return (
        f"Rows with {last.title} ({last.rows_count:,}) are wrong in {last.error_rate:.1%} and make "
        f"{last.errors_share:.0%} of all errors; rows with {first.title} are wrong in "
        f"{first.error_rate:.1%}."
    )


def _describe_newest(newest: Slice) -> str:
    """Tell from their bias whether the bonus for recent tracks was learned."""
    is_seen = abs(newest.bias) > _SURE_ERRORS * newest.bias_error
    verdict = (
        "part of what recent tracks are given is not learned"
        if is_seen
        else "no bonus for recent tracks is seen to be left unlearned"
    )
    return (
        f"At {newest.title} ({newest.rows_count:,} rows) the mean score less the share of high "
        f"ones is {newest.bias:+.3f} ± {newest.bias_error:.3f}: {verdict}."
    )


def _describe_blind(residuals: Residuals) -> Iterator[str]:
    points, share = residuals.blind_points, residuals.blind_share
    if points is not None and share is not None and 0 < share <= _MOST_BLIND:
        yield (
            f"Most errors are near the cut: without the {share:.1%} of rows whose Track Score is "
            f"within {residuals.blind_distance:.1f} percentiles of the median ({points[0]:g} to "
            f"{points[1]:g} points) 98 % are right. Only who has Track Score could leave them out."
        )


def describe_choices(found: Reproduction) -> Iterator[str]:
    """Yield in sentences what was chosen where, and what stands at the end of its grid."""
    yield (
        "Settings and Platt scaling are chosen inside the rows to fit on, with the first seed, for "
        "all seeds. Which softness and which hinges are offered at all was picked on the published "
        "split's rows to fit on, which the five folds test on in part."
    )
    at_ends = [
        f"{result.model}{' (leak)' if result.is_leak else ''}: {', '.join(result.choice.edges)}"
        for result in found.results
        if result.choice.edges
    ]
    if at_ends:
        yield f"At the end of what was tried, so that more might do better: {'; '.join(at_ends)}."
