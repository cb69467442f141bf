from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songpop.errors import ArtefactError, CheckError
from songpop.model.artefact import load_artefact, save_artefact
from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.partition import Division, Part, score_divided, score_part
from songpop.model.scorer import Scorer
from tests.songpop.model.builders import make_candidate, make_features

ROWS = 2 * BATCH_ROWS_COUNT + 77


def make_model(folder: Path) -> tuple[Scorer, pl.DataFrame, tuple[Path, str]]:
    features = make_features(ROWS)
    sha256 = save_artefact(make_candidate(features, members=2), folder / "model")
    return load_artefact(folder / "model", sha256), features, (folder / "model", sha256)


def make_folder(folder: Path) -> Path:
    (folder / "parts").mkdir()
    return folder / "parts"


def in_turn(parts: Sequence[Part]) -> None:
    for part in reversed(parts):
        score_part(part)


@pytest.mark.parametrize("rows_count", [1, BATCH_ROWS_COUNT, 2 * BATCH_ROWS_COUNT, 10 * ROWS])
def test_parts_have_the_bits_of_one_process(tmp_path: Path, rows_count: int) -> None:
    scorer, features, model = make_model(tmp_path)
    shuffled = features.sample(fraction=1, shuffle=True, seed=4)
    division = Division(rows_count, in_turn)

    scores = score_divided(scorer, shuffled, division, model, make_folder(tmp_path))

    assert_frame_equal(scores, scorer.score(shuffled), check_exact=True)


def test_part_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    scorer, features, model = make_model(tmp_path)
    counts: list[int] = []
    times: list[int] = []

    def twice(parts: Sequence[Part]) -> None:
        for part in [*parts, *parts]:
            counts.append(score_part(part))
            times.append(part.outputs.stat().st_mtime_ns)

    score_divided(scorer, features, Division(1, twice), model, make_folder(tmp_path))

    assert counts == [BATCH_ROWS_COUNT, BATCH_ROWS_COUNT, 77] * 2
    assert times[:3] == times[3:]
    assert not list((tmp_path / "parts").glob(".*"))


def test_part_that_never_came_back_is_an_error(tmp_path: Path) -> None:
    scorer, features, model = make_model(tmp_path)

    def all_but_one(parts: Sequence[Part]) -> None:
        in_turn(parts[1:])

    with pytest.raises(FileNotFoundError, match="outputs-00000"):
        score_divided(scorer, features, Division(1, all_but_one), model, make_folder(tmp_path))


def test_part_that_came_back_short_is_an_error(tmp_path: Path) -> None:
    scorer, features, model = make_model(tmp_path)

    def cut(parts: Sequence[Part]) -> None:
        in_turn(parts)
        pl.read_parquet(parts[0].outputs).head(5).write_parquet(parts[0].outputs)

    with pytest.raises(CheckError, match=r"expected 16,461 rows, got 8,274; run again"):
        score_divided(scorer, features, Division(1, cut), model, make_folder(tmp_path))


def test_worker_refuses_a_model_that_is_not_the_registered_one(tmp_path: Path) -> None:
    scorer, features, (model, _) = make_model(tmp_path)

    with pytest.raises(ArtefactError):
        score_divided(
            scorer, features, Division(1, in_turn), (model, "0" * 64), make_folder(tmp_path)
        )
