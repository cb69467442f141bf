"""A trained model beside its baselines, on the rows of its test block."""

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from songpop.evaluate.baselines import Logits, Task, fit_baselines
from songpop.evaluate.report import Intervals, TestedRows, evaluate
from songpop.model.blocks import Rows
from songpop.model.calibration import fit_calibration
from songpop.model.candidate import Candidate
from songpop.model.conformal import fit_constant_interval
from songpop.model.inputs import InputTransform
from songpop.model.rows import thin_rows
from songpop.settings import TrainingSettings
from songpop.training.gather import TrainingSet

MOST_TESTED_ROWS: Final = 50_000
"""Of a bigger test block so many rows, chosen evenly by key: beyond them an interval shrinks
little, since weeks stay as few, while a thousand draws of all rows would cost minutes."""


def compare_with_baselines(candidate: Candidate, training_set: TrainingSet) -> Candidate:
    """Return *candidate* with its evaluation; as it is where there is no test block.

    Every baseline is fitted, stopped and calibrated on the same rows and tested on the same, at
    most 50,000 of the test block.
    """
    test = thin_rows(training_set.features, training_set.blocks.test, MOST_TESTED_ROWS)
    if not test.size:
        return candidate
    task = make_task(candidate.inputs, training_set, candidate.settings)
    calibrate = training_set.blocks.calibrate
    own = "network" if candidate.kind == "network" else "logistic"
    scores = {own: _score(candidate, task, test)}
    scores |= {
        name: calibrated_scores(logits, task, calibrate, test)
        for name, logits in fit_baselines(task).items()
        if name not in scores
    }
    evaluation = evaluate(
        tested_rows(training_set, test),
        scores,
        make_intervals(candidate, training_set, test),
        candidate.settings.seed,
    )
    metrics = candidate.metrics.model_copy(update={"evaluation": evaluation})
    return replace(candidate, metrics=metrics)


def make_task(
    inputs: InputTransform, training_set: TrainingSet, settings: TrainingSettings
) -> Task:
    """Return what the baselines are given: the rows, and the inputs that the network has."""
    return Task(
        features=training_set.features,
        y=training_set.labels.get_column("is_high").to_numpy(),
        facts=training_set.facts,
        blocks=training_set.blocks,
        inputs=inputs,
        settings=settings,
    )


def calibrated_scores(
    logits: Logits, task: Task, calibrate: Rows, test: Rows
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the probabilities (rows,) of *test*, Platt-scaled on *calibrate* if it can be."""
    if not calibrate.size:
        return fit_calibration(np.empty(0), np.empty(0, dtype=np.bool_)).probability(logits(test))
    scaling = fit_calibration(logits(calibrate), task.y[calibrate])
    return scaling.probability(logits(test))


def tested_rows(training_set: TrainingSet, test: Rows) -> TestedRows:
    """Return the rows that are compared on, and which artists were learned from."""
    artists = training_set.facts.get_column("artist")
    learned = np.concatenate([training_set.blocks.fit, training_set.blocks.stop])
    return TestedRows(
        keys=training_set.labels[test].select("feed", "week"),
        facts=training_set.facts[test],
        y=training_set.labels.get_column("is_high").to_numpy()[test],
        is_known_artist=artists[test].is_in(artists[learned].unique().implode()).to_numpy(),
    )


def make_intervals(candidate: Candidate, training_set: TrainingSet, test: Rows) -> Intervals:
    """Return the intervals of *test*, and one for every row from the same calibration rows."""
    outcome = training_set.labels.get_column("outcome_percentile").to_numpy()
    scores = candidate.scorer().score(training_set.features[test], with_reasons=False)
    low, high = fit_constant_interval(outcome[training_set.blocks.calibrate])
    return Intervals(
        low=scores.get_column("outcome_low").to_numpy(),
        high=scores.get_column("outcome_high").to_numpy(),
        outcome=outcome[test],
        constant_low=np.full(test.size, low),
        constant_high=np.full(test.size, high),
    )


def _score(
    candidate: Candidate, task: Task, test: Rows
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    rows: pl.DataFrame = task.features[test]
    return candidate.scorer().score(rows, with_reasons=False).get_column("score").to_numpy()
