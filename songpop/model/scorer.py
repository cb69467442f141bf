"""Scoring: features in; calibrated score, interval and reasons out. No TensorFlow needed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal
from songpop.model.explain import REASONS_COUNT, Explainer, leading_inputs, top_reasons
from songpop.model.forward import Buffers, mean_logits, run_batches
from songpop.model.inputs import InputTransform
from songpop.model.layers import Stack
from songpop.model.reference import cohort_medians
from songpop.warehouse.parts import Parts

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Scorer:
    """A model ready to score; what it returns does not depend on how many threads share the work.

    Attributes:
        inputs: what makes the matrix.
        stacks: the networks, whose logits are averaged; one for a logistic model.
        calibration: of the mean logit.
        conformal: intervals of the outcome's percentile.
    """

    inputs: InputTransform
    stacks: tuple[Stack, ...]
    calibration: Calibration
    conformal: Conformal

    def logits(self, features: pl.DataFrame) -> Floats:
        """Return raw log-odds (n,) of *features*, before calibration.

        Raises:
            CheckError: *features* lacks one of the inputs.
        """
        dense = self.inputs.make_dense(features)
        result = np.empty(features.height, dtype=np.float32)

        def work(rows: slice, buffers: Buffers) -> None:
            result[rows] = mean_logits(self.stacks, buffers)

        self._in_batches(dense, work)
        return result

    def score(self, features: pl.DataFrame, *, with_reasons: bool = True) -> pl.DataFrame:
        """Score one cohort: the rows of one feed and week.

        Args:
            features: Features, (n, keys + features); null and NaN are missing.
            with_reasons: whether to explain each score against the cohort's median track.

        Returns:
            (n, 12), or (n, 3) without reasons, in the frame's row order: score (calibrated
            probability, [0, 1]), outcome_low and outcome_high (percentiles, [0, 1]), then
            reason_1 … reason_3 (source columns, the largest contribution first), their
            reason_1_contribution … (calibrated log-odds, signed) and reason_1_input … (Enum of
            the inputs' names, that of the source which did most for the contribution); null
            where the model has fewer sources than reasons. No bit depends on the rows' order.

        Raises:
            CheckError: *features* lacks one of the inputs.
        """
        # A row's bits depend on its place in its batch, so rows are scored in order of their keys.
        if not features["track_id"].is_sorted():
            order = features.select(pl.arg_sort_by("track_id", maintain_order=True)).to_series()
            scored = self.score(features[order], with_reasons=with_reasons)
            return scored[order.arg_sort()]
        if not with_reasons:
            return self._published(self.logits(features))
        dense = self.inputs.make_dense(features)
        return self.score_dense(dense, cohort_medians(self.inputs, Parts.of(dense)))

    def score_dense(self, dense: pl.DataFrame, reference: Floats) -> pl.DataFrame:
        """Score rows of a cohort whose reference is known, a whole number of batches but the last.

        Args:
            dense: what ``inputs.make_dense`` makes of them, in the order of their keys.
            reference: (inputs,), the medians of the whole cohort.

        Returns:
            As ``score``, with reasons, row by row.
        """
        explainer = self._explainer(reference)
        logits = np.empty(dense.height, dtype=np.float32)
        reasons = _Reasons(self.inputs, dense.height)

        def work(rows: slice, buffers: Buffers) -> None:
            logits[rows], every = explainer.explain(buffers)
            reasons.take(rows, every, buffers)

        self._in_batches(dense, work)
        return self._published(logits).with_columns(*reasons.columns())

    def contributions(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return every source's contribution to the calibrated log-odds of one cohort.

        Returns:
            (n, 1 + sources): reference_log_odds (calibrated log-odds of the cohort's median
            track, the same in each row), then a column for each source. A row's sum is its own
            calibrated log-odds, within 1e-4.

        Raises:
            CheckError: *features* lacks one of the inputs.
        """
        dense = self.inputs.make_dense(features)
        explainer = self._explainer(cohort_medians(self.inputs, Parts.of(dense)))
        result = np.empty((len(self.inputs.sources), features.height), dtype=np.float32)

        def work(rows: slice, buffers: Buffers) -> None:
            _, result[:, rows] = explainer.explain(buffers)

        self._in_batches(dense, work)
        base = float(self.calibration.log_odds(explainer.reference_logits())[0])
        start = pl.lit(base, dtype=pl.Float64).alias("reference_log_odds")
        columns = dict(zip(self.inputs.sources, result, strict=True))
        return pl.DataFrame(columns).select(start, *columns)

    def _explainer(self, reference: Floats) -> Explainer:
        slope = self.calibration.slope
        return Explainer(self.stacks, reference, slope, self.inputs.source_matrix)

    def _in_batches(self, dense: pl.DataFrame, work: Callable[[slice, Buffers], None]) -> None:
        """Call *work* for each batch, its inputs in ``buffers.x``."""

        def fill_and_work(rows: slice, buffers: Buffers) -> None:
            self.inputs.fill(dense[rows], buffers.x)
            work(rows, buffers)

        run_batches(self.stacks[0], dense.height, fill_and_work)

    def _published(self, logits: Floats) -> pl.DataFrame:
        low, high = self.conformal.bounds(logits)
        score = self.calibration.probability(logits)
        return pl.DataFrame({"score": score, "outcome_low": low, "outcome_high": high})


class _Reasons:
    """The three strongest reasons of every row, filled batch by batch."""

    def __init__(self, inputs: InputTransform, rows_count: int) -> None:
        shape = (min(REASONS_COUNT, len(inputs.sources)), rows_count)
        self._inputs = inputs
        self._sources = np.empty(shape, dtype=np.uint32)
        self._contributions = np.empty(shape, dtype=np.float64)
        self._leading = np.empty(shape, dtype=np.uint32)

    def take(self, rows: slice, contributions: Floats, buffers: Buffers) -> None:
        """Choose those of one batch, whose (sources, rows) *contributions* are given."""
        chosen, values = top_reasons(contributions)
        leading = leading_inputs(buffers.parts, self._inputs.widths, chosen, values)
        self._sources[:, rows], self._contributions[:, rows] = chosen, values
        self._leading[:, rows] = leading

    def columns(self) -> Iterator[pl.Series]:
        """Yield the columns of each reason; null beyond the last one that the model has."""
        sources = pl.Series(self._inputs.sources, dtype=pl.String)
        inputs = pl.Series(self._inputs.names, dtype=pl.Enum(self._inputs.names))
        count, rows_count = self._sources.shape
        for place in range(REASONS_COUNT):
            name = f"reason_{place + 1}"
            if place < count:
                yield sources.gather(pl.Series(self._sources[place])).alias(name)
                yield pl.Series(f"{name}_contribution", self._contributions[place])
                yield inputs.gather(pl.Series(self._leading[place])).alias(f"{name}_input")
            else:
                yield pl.Series(name, [None] * rows_count, dtype=pl.String)
                yield pl.Series(f"{name}_contribution", [None] * rows_count, dtype=pl.Float64)
                yield pl.Series(f"{name}_input", [None] * rows_count, dtype=inputs.dtype)
