"""A large cohort scored in parts, by whoever is at hand; the same bits as in one process.

Each part is a Parquet file of inputs in a folder. Where others than the run itself score them, all
reach that folder: a worker scores one part, writes its outputs aside and renames them, so that a
part that is done twice, or half and then by another, is the same. Whoever handed the parts out
reads them in order.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from songpop.model.artefact import load_artefact
from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.reference import cohort_medians
from songpop.model.scorer import Scorer
from songpop.warehouse.durable import replace_durably
from songpop.warehouse.parts import Parts

INPUTS: Final = "inputs"
"""How the names of files of rows to score begin."""
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
        return Path(self.folder) / f"{INPUTS}-{self.number:05}.parquet"

    @property
    def outputs(self) -> Path:
        """Their scores."""
        return Path(self.folder) / f"outputs-{self.number:05}.parquet"


ScoreParts = Callable[[Sequence[Part]], None]
"""Has each part scored by ``score_part``, anywhere, and returns when all are."""


def whole_batches(rows_count: int) -> int:
    """Return the rows of a part: *rows_count* in whole batches, on which a row's bits depend."""
    return max(1, round(rows_count / BATCH_ROWS_COUNT)) * BATCH_ROWS_COUNT


def score_cohort(
    scorer: Scorer,
    features: Parts,
    model: tuple[Path, str],
    folder: Path,
    score_parts: ScoreParts | None = None,
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield each part of a cohort with its scores, as ``scorer.score`` makes them of all of it.

    Args:
        scorer: of the model.
        features: one cohort in the order of track_id, (n, keys + features), made dense; several
            parts are the files ``Part.inputs`` of *folder*, of whole batches but the last.
        model: folder of its artefact, which workers reach, and the SHA-256 of its manifest.
        folder: that of the parts, which workers reach; what is written there stays.
        score_parts: who scores several parts; null: this process, one after the other.

    Raises:
        CheckError: a part came back with other rows than it was sent with.
    """
    reference = cohort_medians(scorer.inputs, features)
    if score_parts is None or features.count == 1:
        yield from ((part, scorer.score_dense(part, reference)) for part in features)
        return
    with (folder / _REFERENCE).open("wb") as file:
        np.save(file, reference, allow_pickle=False)
    parts = [Part(str(model[0]), model[1], str(folder), number) for number in range(features.count)]
    score_parts(parts)
    outputs = Parts(features.heights, None, tuple(part.outputs for part in parts))
    yield from zip(features, outputs, strict=True)


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
