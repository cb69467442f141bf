"""A large cohort scored in parts, by whoever is at hand; the same bits as in one process.

Each part is a Parquet file of inputs in a folder that all workers reach. A worker scores one part,
writes its outputs aside and renames them, so that a part that is done twice, or half and then by
another, is the same. Whoever handed the parts out puts them together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from songpop.errors import CheckError, expected
from songpop.model.artefact import load_artefact
from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.reference import cohort_medians
from songpop.model.scorer import Scorer
from songpop.warehouse.durable import replace_durably

_REFERENCE: Final = "reference.npy"


@dataclass(frozen=True)
class Part:
    """What one worker does; plain values, so that it can be sent anywhere."""

    model: str
    """Folder of the artefact."""
    sha256: str
    """Of its manifest, which the worker verifies."""
    folder: str
    """Where inputs and reference are, and the outputs go."""
    number: int

    @property
    def inputs(self) -> Path:
        """The rows to score."""
        return Path(self.folder) / f"inputs-{self.number:05}.parquet"

    @property
    def outputs(self) -> Path:
        """Their scores."""
        return Path(self.folder) / f"outputs-{self.number:05}.parquet"


ScoreParts = Callable[[Sequence[Part]], None]
"""Has each part scored by ``score_part``, anywhere, and returns when all are."""


@dataclass(frozen=True)
class Division:
    """How a large cohort is scored."""

    rows_count: int
    """Rows of a part; a multiple of a batch's is used, since a row's bits depend on its batch."""
    score_parts: ScoreParts

    @property
    def part_rows(self) -> int:
        """Rows of a part, whole batches."""
        return max(1, round(self.rows_count / BATCH_ROWS_COUNT)) * BATCH_ROWS_COUNT


def score_divided(
    scorer: Scorer,
    features: pl.DataFrame,
    division: Division,
    model: tuple[Path, str],
    folder: Path,
) -> pl.DataFrame:
    """Return what ``scorer.score(features)`` returns, each part scored by a worker.

    Args:
        scorer: of the model.
        features: one cohort, (n, keys + features).
        division: into which parts, and who scores them.
        model: folder of its artefact, which workers reach, and the SHA-256 of its manifest.
        folder: an empty one that workers reach; what is written there stays.

    Raises:
        CheckError: a part came back with other rows than it was sent with.
    """
    order = features.select(pl.arg_sort_by("track_id", maintain_order=True)).to_series()
    dense = scorer.inputs.make_dense(features[order])
    with (folder / _REFERENCE).open("wb") as file:
        np.save(file, cohort_medians(scorer.inputs, dense), allow_pickle=False)
    size = division.part_rows
    parts = [
        Part(str(model[0]), model[1], str(folder), number)
        for number in range(-(-dense.height // size))
    ]
    for part in parts:
        dense.slice(part.number * size, size).write_parquet(part.inputs, compression="lz4")
    division.score_parts(parts)
    outputs = pl.concat([pl.read_parquet(part.outputs) for part in parts])
    if outputs.height != features.height:
        message = expected(
            f"scores in {folder}", f"{features.height:,} rows", f"{outputs.height:,}", "run again"
        )
        raise CheckError(message)
    return outputs[order.arg_sort()]


def score_part(part: Part) -> int:
    """Score one part, in any process that reaches the folder; return its rows.

    Raises:
        ArtefactError: the model's files are missing, or differ from the registry's.
        OSError: the folder cannot be reached or written.
    """
    if part.outputs.exists():
        return pl.scan_parquet(part.outputs).select(pl.len()).collect().item()
    scorer = load_artefact(Path(part.model), part.sha256)
    reference = np.load(Path(part.folder) / _REFERENCE, allow_pickle=False)
    outputs = scorer.score_dense(pl.read_parquet(part.inputs), reference)
    aside = part.outputs.with_name(
        f".{part.outputs.name}.{np.random.default_rng().integers(2**63)}"
    )
    outputs.write_parquet(aside, compression="lz4")
    replace_durably(aside, part.outputs)
    return outputs.height
