"""What a model cannot do or has not shown, each sentence from a fact that is registered."""

from collections.abc import Callable, Iterator

from songpop.card.markdown import bullets, level, plain, rows_of, share, weeks_of
from songpop.card.material import CardMaterial
from songpop.card.standing import best_baseline, explain_identity, lost_to
from songpop.evaluate.report import WHOLE, Evaluation
from songpop.features.kinds import SEASON
from songpop.model.conformal import COVERAGE
from songpop.model.inputs import InputTransform
from songpop.settings import GateSettings

_GATE = GateSettings()
"""What the design takes for evidence, whatever the gate of this warehouse asks for."""

_COVERAGE_OFF = 0.05
_BASE_RATE_OFF = 0.05
"""Differences of a share that are worth a sentence."""
_MOST_SLICES = 3
_NEW_ARTISTS = "artist: new to the model"


def write_limits(material: CardMaterial) -> str:
    """Return the section on limits; the last one holds for every model."""
    found = [text for find in _FINDERS for text in find(material)]
    found.append(
        "It has seen nothing of what changes after its last week: what was measured holds as long "
        "as later weeks resemble these."
    )
    return bullets(found)


def _of_kind(material: CardMaterial) -> Iterator[str]:
    if material.model.kind == "logistic":
        yield "Provisional: a simpler model than the feed is meant to have, on a short history."
    elif material.model.is_provisional:
        yield "Provisional: a stand-in of two numbers, which tells tracks apart by one at most."
    if material.model.label == "snapshot":
        yield (
            "It foretells the present, not the future: it says which tracks look like those that "
            f"are large by {plain(material.size_label)} today."
        )
    else:
        yield (
            "A track that has left the export counts as low, whether it shrank or was left out for "
            "another reason: the export does not say which."
        )
    if not material.is_promoted:
        yield "Refused when it was registered: it scored no week because of this training."


def _of_test(material: CardMaterial) -> Iterator[str]:
    block = material.block("test")
    if material.test is None:
        yield "No test rows: no figure on this card says how good it is."
    elif material.model.label == "snapshot":
        if material.test.rows_count < _GATE.min_rows:
            yield f"Tested on {rows_of(material.test.rows_count)} of one export only."
    elif block.weeks_count < _GATE.min_weeks or block.rows_count < _GATE.min_rows:
        yield (
            f"Tested on {rows_of(block.rows_count)} of {weeks_of(block.weeks_count)}: fewer than "
            f"the {_GATE.min_rows:,} rows of {_GATE.min_weeks} weeks that count as evidence."
        )


def _of_baselines(material: CardMaterial) -> Iterator[str]:
    evaluation = material.manifest.metrics.evaluation
    if evaluation is None:
        return
    for comparison in lost_to(evaluation):
        luck = "this is shown" if comparison.log_loss.low > 0 else "this may be luck"
        yield f"It does worse than {plain(comparison.other)} on the test rows: {luck}."
    unclear = [
        plain(one.other)
        for one in evaluation.comparisons
        if one.log_loss.mean <= 0 <= one.log_loss.high
    ]
    if unclear:
        yield f"That it is better than {' and '.join(unclear)} is not shown: this may be luck."
    if worse := _worse_slices(evaluation):
        count = len(evaluation.models[0].slices) - 1
        yield (
            f"In {len(worse)} of {count} slices its log loss is above the best baseline's, most so "
            f"in {'; '.join(worse[:_MOST_SLICES])}."
        )


def _worse_slices(evaluation: Evaluation) -> list[str]:
    """Return the slices in which a baseline does better, those where it does most so first."""
    slices = evaluation.models[0].slices
    found: list[tuple[float, str]] = []
    for title, own in slices.items():
        best = best_baseline(evaluation, title)
        if own.rows_count == slices[WHOLE].rows_count or best is None:
            continue
        other = best.slices[title].log_loss
        losses = f"{level(own.log_loss)} against {level(other)} of {plain(best.model)}"
        text = f"“{plain(title)}” ({losses}, {rows_of(own.rows_count)})"
        found.append((own.log_loss - other, text))
    return [text for gap, text in sorted(found, reverse=True) if gap > 0]


def _of_artists(material: CardMaterial) -> Iterator[str]:
    evaluation = material.manifest.metrics.evaluation
    if evaluation is not None and _NEW_ARTISTS not in evaluation.models[0].slices:
        yield (
            "Nothing is known about artists that it has not learned from: the test has fewer than "
            "100 such rows."
        )


def _of_scores(material: CardMaterial) -> Iterator[str]:
    calibration = material.manifest.calibration
    if calibration.method == "identity":
        why = explain_identity(calibration)
        yield f"Scores rank tracks, but are not calibrated as probabilities: {why}."
    bins = material.manifest.conformal.bins
    if all((one.low, one.high) == (0.0, 1.0) for one in bins):
        yield "Its intervals say nothing: too few rows were left to set them, so they span 0 to 1."


def _of_intervals(material: CardMaterial) -> Iterator[str]:
    evaluation = material.manifest.metrics.evaluation
    figures = None if evaluation is None else evaluation.intervals
    if figures is None:
        return
    whole = figures.slices[WHOLE]
    off = [
        f"{share(one.coverage)} in “{plain(title)}”"
        for title, one in figures.slices.items()
        if (one is whole or one.rows_count < whole.rows_count)
        and abs(one.coverage - COVERAGE) >= _COVERAGE_OFF
    ]
    if off:
        yield f"Intervals should hold {share(COVERAGE)} of outcomes; they held {'; '.join(off)}."
    if whole.width >= figures.constant.width:
        yield "Its intervals are no narrower than one interval for all tracks."


def _of_data(material: CardMaterial) -> Iterator[str]:
    fit, test = material.block("fit").base_rate, material.block("test").base_rate
    if fit is not None and test is not None and abs(fit - test) >= _BASE_RATE_OFF:
        yield f"{share(fit)} of the fit rows are high, and {share(test)} of the test rows."
    if material.block("stop").rows_count == 0:
        yield "No weeks were left that serve to choose the settings alone."
    if material.model.label != "snapshot":
        if SEASON not in InputTransform(material.manifest.inputs).sources:
            yield "It knows nothing of the time of year: the fit rows do not span one."
        if material.other_feeds:
            yield "It was calibrated and tested on its own feed alone, but also fitted on others."


_FINDERS: tuple[Callable[[CardMaterial], Iterator[str]], ...] = (
    _of_kind,
    _of_test,
    _of_baselines,
    _of_artists,
    _of_scores,
    _of_intervals,
    _of_data,
)
