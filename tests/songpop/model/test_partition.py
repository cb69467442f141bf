from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songpop.errors import ArtefactError, CheckError
from songpop.model.artefact import load_artefact, save_artefact
from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.partition import (
    INPUTS,
    Part,
    ScoreParts,
    score_cohort,
    score_part,
    whole_batches,
)
from songpop.model.scorer import Scorer
from songpop.warehouse.parts import Parts, PartsWriter
from tests.songpop.model.builders import make_candidate, make_features

ROWS = 2 * BATCH_ROWS_COUNT + 77

Model = tuple[Scorer, pl.DataFrame, tuple[Path, str]]


def make_model(folder: Path) -> Model:
    features = make_features(ROWS).sort("track_id")
    sha256 = save_artefact(make_candidate(features, members=2), folder / "model")
    return load_artefact(folder / "model", sha256), features, (folder / "model", sha256)


def divide(folder: Path, features: pl.DataFrame, rows_count: int) -> Parts:
    writer = PartsWriter(folder, INPUTS, whole_batches(rows_count))
    writer.add(features)
    return writer.finish()


def score(
    folder: Path, model: Model, score_parts: ScoreParts | None, rows_count: int = 1
) -> pl.DataFrame:
    scorer, features, where = model
    parts = divide(folder / "parts", features, rows_count)
    scored = list(score_cohort(scorer, parts, where, folder / "parts", score_parts))
    assert pl.concat(part for part, _ in scored).equals(features)
    return pl.concat(scores for _, scores in scored)


def in_turn(parts: Sequence[Part]) -> None:
    for part in reversed(parts):
        score_part(part)


@pytest.mark.parametrize("score_parts", [None, in_turn])
@pytest.mark.parametrize("rows_count", [1, BATCH_ROWS_COUNT, 2 * BATCH_ROWS_COUNT, 10 * ROWS])
def test_parts_have_the_bits_of_the_whole(
    tmp_path: Path, rows_count: int, score_parts: ScoreParts | None
) -> None:
    model = make_model(tmp_path)

    scores = score(tmp_path, model, score_parts, rows_count)

    assert_frame_equal(scores, model[0].score(model[1]), check_exact=True)


@pytest.mark.parametrize(("asked", "given"), [(1, 1), (8_192, 1), (12_289, 2), (500_000, 61)])
def test_parts_are_whole_batches(asked: int, given: int) -> None:
    assert whole_batches(asked) == given * BATCH_ROWS_COUNT


def test_part_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    model = make_model(tmp_path)
    counts: list[int] = []
    times: list[int] = []

    def twice(parts: Sequence[Part]) -> None:
        for part in [*parts, *parts]:
            counts.append(score_part(part))
            times.append(part.outputs.stat().st_mtime_ns)

    score(tmp_path, model, twice)

    assert counts == [BATCH_ROWS_COUNT, BATCH_ROWS_COUNT, 77] * 2
    assert times[:3] == times[3:]
    assert not list((tmp_path / "parts").glob(".*"))


def test_part_that_never_came_back_is_an_error(tmp_path: Path) -> None:
    model = make_model(tmp_path)

    def all_but_one(parts: Sequence[Part]) -> None:
        in_turn(parts[1:])

    with pytest.raises(FileNotFoundError, match="outputs-00000"):
        score(tmp_path, model, all_but_one)


def test_part_that_came_back_short_is_an_error(tmp_path: Path) -> None:
    model = make_model(tmp_path)

    def cut(parts: Sequence[Part]) -> None:
        in_turn(parts)
        pl.read_parquet(parts[0].outputs).head(5).write_parquet(parts[0].outputs)

    with pytest.raises(CheckError, match=r"outputs-00000.parquet: expected 8,192 rows, got 5; run"):
        score(tmp_path, model, cut)


def test_worker_refuses_a_model_that_is_not_the_registered_one(tmp_path: Path) -> None:
    scorer, features, (folder, _) = make_model(tmp_path)

    with pytest.raises(ArtefactError):
        score(tmp_path, (scorer, features, (folder, "0" * 64)), in_turn)
