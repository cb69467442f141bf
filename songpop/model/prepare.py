"""From features, labels and blocks to the arrays that a model is fitted on."""

import hashlib
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.errors import CheckError, expected
from songpop.model.blocks import Blocks, Rows
from songpop.model.fit_inputs import fit_inputs
from songpop.model.inputs import InputTransform
from songpop.model.rows import hash_tracks, split_last_weeks, thin_rows
from songpop.model.sample import Sample
from songpop.model.targets import soft_targets
from songpop.settings import TrainingSettings

LABEL_COLUMNS = ("is_high", "outcome_percentile")


@dataclass(frozen=True, eq=False)
class Prepared:
    """What a model is fitted on.

    Attributes:
        inputs: fitted on the rows of ``sample``.
        sample: the fit block, thinned to ``max_rows``; without a stop block, less its last weeks.
        judge: rows that choose the penalty and the epoch: the stop block, else the last weeks of
            the fit block, else (nothing to choose) null.
        whole: both together, thinned likewise: what the chosen model is fitted on.
        sample_tracks: a hash of the track of each row of ``sample``.
        whole_tracks: the same of ``whole``.
    """

    inputs: InputTransform
    sample: Sample
    judge: Sample | None
    whole: Sample
    sample_tracks: NDArray[np.uint32]
    whole_tracks: NDArray[np.uint32]


def prepare(
    features: pl.DataFrame,
    labels: pl.DataFrame,
    blocks: Blocks,
    settings: TrainingSettings,
    choices_count: int,
) -> Prepared:
    """Fit the inputs on the fit block and transform what training reads.

    Args:
        features: Features, (n, keys + features).
        labels: (n, 2+), is_high and outcome_percentile, row by row with *features*.
        blocks: row numbers.
        settings: ``max_rows``.
        choices_count: penalties to choose from; one needs no judge.

    Raises:
        CheckError: labels do not match the features, or the fit block has one class.
    """
    _check_labels(features, labels)
    fit, judging = blocks.fit, blocks.stop
    if judging.size == 0 and choices_count > 1:
        fit, judging = split_last_weeks(features, fit)
    thinned = thin_rows(features, fit, settings.max_rows)
    inputs = fit_inputs(features[thinned])

    def sample_of(rows: Rows) -> Sample:
        return _sample(features[rows], labels[rows], inputs, settings.softness)

    sample = sample_of(thinned)
    if sample.y.all() or not sample.y.any():
        message = expected(
            "fit block", "rows of both classes", f"{sample.y.size} of one", "wait for more weeks"
        )
        raise CheckError(message)
    whole = thin_rows(features, np.union1d(fit, judging), settings.max_rows)
    judging = thin_rows(features, judging, settings.max_rows)
    tracks = features.select("track_id")
    return Prepared(
        inputs=inputs,
        sample=sample,
        judge=_sample(features[judging], labels[judging], inputs, 0.0) if judging.size else None,
        whole=sample_of(whole),
        sample_tracks=hash_tracks(tracks[thinned]),
        whole_tracks=hash_tracks(tracks[whole]),
    )


def digest_prepared(data: Prepared) -> str:
    """Return the SHA-256 of everything that a fit depends on, but for the settings."""
    hasher = hashlib.sha256(repr(data.inputs.specs).encode())
    for sample in (data.sample, data.judge, data.whole):
        if sample is not None:
            for array in (sample.x, sample.y, sample.taught):
                hasher.update(np.ascontiguousarray(array).data)
        hasher.update(b"|")
    for tracks in (data.sample_tracks, data.whole_tracks):
        hasher.update(tracks.data)
        hasher.update(b"|")
    return hasher.hexdigest()


def _check_labels(features: pl.DataFrame, labels: pl.DataFrame) -> None:
    if labels.height != features.height:
        message = expected(
            "labels",
            f"{features.height} rows, one for each row of the features",
            str(labels.height),
            "join them by feed, week and track_id first",
        )
        raise CheckError(message)
    nulls = sum(labels.get_column(name).null_count() for name in LABEL_COLUMNS)
    if nulls:
        message = expected("labels", "no nulls", str(nulls), "leave out rows without an outcome")
        raise CheckError(message)


def _sample(
    features: pl.DataFrame, labels: pl.DataFrame, inputs: InputTransform, softness: float
) -> Sample:
    y = labels.get_column("is_high").to_numpy().astype(np.bool_)
    return Sample(inputs.transform(features), y, soft_targets(labels, softness))
