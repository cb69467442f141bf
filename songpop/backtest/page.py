"""The page of a backtest: one file that loads nothing."""

from pathlib import Path
from typing import Final

from songpop.backtest import plots, tables
from songpop.backtest.run import Backtest
from songpop.backtest.words import count_things, describe_label, judge_difference, summarise
from songpop.evaluate.clusters import DRAWS_COUNT
from songpop.evaluate.report import IntervalFigures
from songpop.evaluate.slices import MIN_SLICE_ROWS
from songpop.model.metrics import reliability
from songpop.pages.document import (
    bullets,
    figure,
    fold,
    heading,
    make_document,
    paragraph,
    side_by_side,
)
from songpop.warehouse.durable import write_durably

PAGE: Final = "index.html"
_STRONGEST: Final = "boosting"
"""The baseline that is drawn against."""


def write_page(found: Backtest, folder: Path) -> Path:
    """Write the page to *folder*, at once in place of an older one; return its path."""
    page = folder / PAGE
    write_durably(page, make_page(found))
    return page


def make_page(found: Backtest) -> str:
    """Return the whole HTML document; the same backtest gives the same bytes."""
    title = f"Backtest of {found.name}"
    return make_document(
        title,
        [
            heading(title, level=1),
            _summary(found),
            _models(found),
            _origins(found),
            _feeds(found),
            _slices(found),
            _calibration(found),
            _intervals(found.evaluation.intervals),
            _method(found),
        ],
    )


def _summary(found: Backtest) -> str:
    loses = any(judge_difference(one.log_loss) == "worse" for one in found.evaluation.comparisons)
    first, *others = summarise(found)
    return paragraph(first, "lead warn" if loses else "lead") + "".join(map(paragraph, others))


def _models(found: Backtest) -> str:
    return (
        heading("Every model on all rows")
        + tables.table_models(found.evaluation)
        + paragraph(
            "Log loss, Brier and calibration error: less is better; the rest: more is better. "
            "Precision at 20 is the share of high rows among the 20 highest scores of a feed's "
            "week, mean over weeks; lift divides it by the share of high rows. PR-AUC is average "
            "precision.",
            "note",
        )
        + tables.table_differences(found.evaluation)
    )


def _origins(found: Backtest) -> str:
    drawings = [figure("Log loss by first tested week", plots.draw_losses(found))]
    if any(one.other == _STRONGEST for one in found.evaluation.comparisons):
        caption = "Network less boosting, with 95 % intervals; below 0 is better"
        drawings.append(figure(caption, plots.draw_gaps(found, _STRONGEST)))
    return heading("Origin by origin") + tables.table_origins(found) + side_by_side(drawings)


def _feeds(found: Backtest) -> str:
    return heading("Feed by feed") + tables.table_feeds(found) if found.by_feed else ""


def _slices(found: Backtest) -> str:
    captions = {
        "size": "By size within the feed's week",
        "age": "By age",
        "artist": "By whether the models learned from the artist's other rows",
    }
    return (
        heading("Where it is good and where not")
        + paragraph(
            f"Slices of at least {MIN_SLICE_ROWS} rows. One stands out where the network's "
            f"ROC-AUC is more than {tables.MOST_AUC_LOSS} below that of any baseline; on few rows "
            "that can be luck."
        )
        + "".join(
            tables.table_slices(found.evaluation, kind, caption)
            for kind, caption in captions.items()
        )
    )


def _calibration(found: Backtest) -> str:
    y, p = (found.predictions.get_column(name).to_numpy() for name in ("is_high", "network"))
    bins = reliability(y, p)
    drawing = figure("Share of high rows by score", plots.draw_reliability(bins))
    return heading("Do the scores mean what they say?") + side_by_side(
        [tables.table_reliability(bins), drawing]
    )


def _intervals(intervals: IntervalFigures | None) -> str:
    if intervals is None:
        return ""
    drawing = figure("Coverage and width by tested week", plots.draw_coverage(intervals))
    return (
        heading("Do the 80 % intervals hold?")
        + paragraph(
            "Each interval is for a track's percentile at the horizon, absent being 0. The "
            "constant one is the same for every row, from the same calibration rows: what has to "
            "be beaten in width."
        )
        + side_by_side([tables.table_coverage(intervals), drawing])
        + fold("Every tested week", tables.table_coverage_weeks(intervals))
    )


def _method(found: Backtest) -> str:
    plan = found.plan
    gap = count_things(plan.gap_weeks, "week")
    steps = (
        f"Foreseen is that a track {describe_label(found)}.",
        (
            f"At each origin up to {count_things(plan.block_weeks, 'week')} in a row are tested "
            "on models that learned from weeks before only."
        ),
        (
            "Fit, stop, calibration and test are blocks of whole weeks; a week is learned from "
            f"only if it lies at least {gap} before the first tested one, when its label was known."
        ),
        (
            "Network and baselines are fitted, stopped and calibrated on the same rows and tested "
            "on the same rows, with the same features; inputs are fitted on the fit block alone."
        ),
        "The regions of a format learn together; each is calibrated and tested on its own rows.",
        (
            f"Intervals of differences: pigeonhole bootstrap, {DRAWS_COUNT:,} draws of whole "
            "artists and whole weeks with replacement, the same for both models (Owen 2007). It "
            "errs on the wide side, and does not say how the models would differ if fitted again."
        ),
    )
    return heading("Method") + bullets(steps) + fold("Settings", tables.table_settings(plan))
