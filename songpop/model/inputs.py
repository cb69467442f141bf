"""From features to a network's inputs: rank normal scores, centred flags, missing flags."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Annotated, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from songpop.errors import CheckError, expected, list_names
from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.rankmap import RankMap

Floats = NDArray[np.float32]

KEY_COLUMNS = ("feed", "week", "track_id")

MISSING_SIGN = "?"
"""Ends the name of an input that says whether a feature is missing."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class QuantileInput(_Frozen):
    """The normal score of a numeric feature; missing counts as the median, 0."""

    kind: Literal["quantile"] = "quantile"
    feature: str
    knots: tuple[float, ...]
    scores: tuple[float, ...]


class FlagInput(_Frozen):
    """A 0/1 feature less its mean in the fit block; missing counts as the mean, 0."""

    kind: Literal["flag"] = "flag"
    feature: str
    mean: float


class MissingInput(_Frozen):
    """1 where a feature is missing, else 0."""

    kind: Literal["missing"] = "missing"
    feature: str


InputSpec = Annotated[QuantileInput | FlagInput | MissingInput, Field(discriminator="kind")]


def source_of(feature: str) -> str:
    """Return the source column of *feature*: the text before the first ``__``."""
    return feature.partition("__")[0]


@dataclass(frozen=True)
class InputTransform:
    """What turns a Features frame into a matrix; fitted by ``fit_inputs``.

    Attributes:
        specs: one input each, ordered by source, then by feature.
    """

    specs: tuple[InputSpec, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each input: the feature's, with ``?`` for its missing flag."""
        ends = {"missing": MISSING_SIGN}
        return tuple(spec.feature + ends.get(spec.kind, "") for spec in self.specs)

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Features that are read, in the order of their inputs."""
        return tuple(dict.fromkeys(spec.feature for spec in self.specs))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Source columns, in the order of their inputs."""
        return tuple(dict.fromkeys(source_of(spec.feature) for spec in self.specs))

    @cached_property
    def source_matrix(self) -> Floats:
        """(sources, inputs), 1 where an input belongs to a source: sums inputs by source."""
        own = [source_of(spec.feature) for spec in self.specs]
        matrix = [[float(source == mine) for mine in own] for source in self.sources]
        return np.array(matrix, dtype=np.float32)

    @cached_property
    def widths(self) -> NDArray[np.intp]:
        """(sources,) how many inputs each source has; they stand together."""
        return self.source_matrix.sum(axis=1).astype(np.intp)

    @cached_property
    def rows_by_feature(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Each feature with the numbers of its inputs."""
        groups = groupby(range(len(self.specs)), key=lambda row: self.specs[row].feature)
        return tuple((feature, tuple(rows)) for feature, rows in groups)

    @cached_property
    def _maps(self) -> dict[int, RankMap]:
        return {
            row: RankMap(_array(spec.knots), _array(spec.scores))
            for row, spec in enumerate(self.specs)
            if isinstance(spec, QuantileInput)
        }

    def make_dense(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return the columns that are read, as Float32 with NaN for null.

        Done once for all batches: numpy takes such columns as they are.

        Raises:
            CheckError: *features* lacks one of the inputs; with their count and names.
        """
        absent = [name for name in self.features if name not in features.columns]
        if absent:
            message = expected(
                "features",
                f"the {len(self.features)} columns that the model was fitted on",
                f"a frame without {list_names(absent)}",
                "restore the export's columns, or retrain",
            )
            raise CheckError(message)
        columns = pl.col(*self.features).cast(pl.Float32)
        return features.select(columns.fill_null(float("nan")))

    def fill(self, features: pl.DataFrame, out: Floats) -> None:
        """Write the inputs of *features*, made dense, to *out* (inputs, n), inputs as rows.

        Rows of *out* are contiguous, which is what both numpy and the matrix products like.
        """
        for feature, rows in self.rows_by_feature:
            values = features.get_column(feature).to_numpy()
            for row in rows:
                self.fill_row(row, values, out[row])

    def fill_row(self, row: int, values: Floats, out: Floats) -> None:
        """Write input *row* of its feature's *values* (n,) to *out* (n,)."""
        match spec := self.specs[row]:
            case QuantileInput():
                self._maps[row].apply(values, out)
            case FlagInput():
                np.subtract(values, np.float32(spec.mean), out=out)
                out[np.isnan(values)] = 0.0
            case MissingInput():
                out[:] = np.isnan(values)

    def transform(self, features: pl.DataFrame) -> Floats:
        """Return the inputs of *features* as a matrix.

        Args:
            features: Features, (n, keys + features); null and NaN are missing.

        Returns:
            (n, inputs) float32 without NaN, rows in the frame's order.

        Raises:
            CheckError: *features* lacks one of the inputs.
        """
        dense = self.make_dense(features)
        matrix = np.empty((features.height, len(self.specs)), dtype=np.float32)
        buffer = np.empty((len(self.specs), BATCH_ROWS_COUNT), dtype=np.float32)
        for start in range(0, features.height, BATCH_ROWS_COUNT):
            part = dense.slice(start, BATCH_ROWS_COUNT)
            self.fill(part, buffer[:, : part.height])
            matrix[start : start + part.height] = buffer[:, : part.height].T
        return matrix


def _array(numbers: tuple[float, ...]) -> Floats:
    return np.array(numbers, dtype=np.float32)
