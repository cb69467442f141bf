"""Scoring: features in; calibrated score, interval and reasons out. No TensorFlow needed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal
from songpop.model.explain import REASONS_COUNT, Explainer, top_reasons
from songpop.model.forward import Buffers, mean_logits, run_batches
from songpop.model.inputs import InputTransform
from songpop.model.layers import Stack
from songpop.model.reference import cohort_medians

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
            (n, 9), or (n, 3) without reasons, in the frame's row order: score (calibrated
            probability, [0, 1]), outcome_low and outcome_high (percentiles, [0, 1]), then
            reason_1 … reason_3 (source columns, the largest contribution first) and their
            reason_1_contribution … (calibrated log-odds, signed); null where the model has fewer
            sources than reasons.

        Raises:
            CheckError: *features* lacks one of the inputs.
        """
        if not with_reasons:
            return self._published(self.logits(features))
        dense = self.inputs.make_dense(features)
        explainer = self._explainer(dense)
        logits = np.empty(features.height, dtype=np.float32)
        count = min(REASONS_COUNT, len(self.inputs.sources))
        sources = np.empty((count, features.height), dtype=np.uint32)
        contributions = np.empty((count, features.height), dtype=np.float64)

        def work(rows: slice, buffers: Buffers) -> None:
            logits[rows], every = explainer.explain(buffers)
            sources[:, rows], contributions[:, rows] = top_reasons(every)

        self._in_batches(dense, work)
        return self._published(logits).with_columns(self._reasons(sources, contributions))

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
        explainer = self._explainer(dense)
        result = np.empty((len(self.inputs.sources), features.height), dtype=np.float32)

        def work(rows: slice, buffers: Buffers) -> None:
            _, result[:, rows] = explainer.explain(buffers)

        self._in_batches(dense, work)
        base = float(self.calibration.log_odds(explainer.reference_logits())[0])
        start = pl.lit(base, dtype=pl.Float64).alias("reference_log_odds")
        columns = dict(zip(self.inputs.sources, result, strict=True))
        return pl.DataFrame(columns).select(start, *columns)

    def _explainer(self, dense: pl.DataFrame) -> Explainer:
        reference = cohort_medians(self.inputs, dense)
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

    def _reasons(
        self, sources: NDArray[np.uint32], contributions: NDArray[np.float64]
    ) -> list[pl.Series]:
        names = pl.Series(self.inputs.sources, dtype=pl.String)
        rows = sources.shape[1]
        columns: list[pl.Series] = []
        for place in range(REASONS_COUNT):
            name = f"reason_{place + 1}"
            if place < len(sources):
                columns.append(names.gather(pl.Series(sources[place])).alias(name))
                columns.append(pl.Series(f"{name}_contribution", contributions[place]))
            else:
                columns.append(pl.Series(name, [None] * rows, dtype=pl.String))
                columns.append(pl.Series(f"{name}_contribution", [None] * rows, dtype=pl.Float64))
        return columns
