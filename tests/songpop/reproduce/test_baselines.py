from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from songpop.model.metrics import auc
from songpop.reproduce.baselines import fit_boosting, fit_logistic_regression
from songpop.reproduce.material import Material, make_material
from songpop.reproduce.plan import BoostingGrid
from songpop.reproduce.split import published_split
from tests.songpop.reproduce.builders import make_small_tracks, tiny_plan


@pytest.fixture(autouse=True)
def one_thread() -> Generator[None]:
    """As jobs do: threads that wait for each other cost more than such small fits."""
    with threadpool_limits(limits=1):
        yield


def make(folder: Path) -> tuple[Material, NDArray[np.bool_]]:
    tracks = make_small_tracks(folder)
    split = published_split(tracks.y.size)
    material = make_material(
        tracks, "leak_free", split, is_by_artist=False, folds_count=3, seeds_count=2
    )
    return material, tracks.y[split.test]


def test_baselines_learn_the_label(tmp_path: Path) -> None:
    material, y = make(tmp_path)
    plan = tiny_plan(boosting=BoostingGrid(leaves=(4,), features_shares=(1.0,), trees=(60,)))
    for fitted in (fit_logistic_regression(material, plan), fit_boosting(material, plan)):
        area = auc(y, fitted.probabilities[0])

        assert fitted.probabilities.shape == (2, 60)
        assert area is not None
        assert area > 0.8


def test_logistic_regression_has_no_seed(tmp_path: Path) -> None:
    fitted = fit_logistic_regression(make(tmp_path)[0], tiny_plan())

    assert np.array_equal(fitted.probabilities[0], fitted.probabilities[1])
    assert [trial.setting["C"] for trial in fitted.choice.trials] == [0.03, 0.3]


def test_boosting_tries_the_whole_grid_and_takes_the_best(tmp_path: Path) -> None:
    grid = BoostingGrid(leaves=(4, 8), features_shares=(0.5, 1.0), trees=(3, 30))
    choice = fit_boosting(make(tmp_path)[0], tiny_plan(boosting=grid)).choice

    assert len([trial for trial in choice.trials if trial.setting["members"] == 1]) == 16
    assert min(choice.trials, key=lambda trial: trial.log_loss).setting == choice.setting
    assert choice.setting["trees"] == 30


def test_boosting_that_draws_features_is_offered_an_ensemble(tmp_path: Path) -> None:
    material, _ = make(tmp_path)
    drawn = BoostingGrid(leaves=(4,), features_shares=(0.5,), trees=(10,))
    whole = drawn.model_copy(update={"features_shares": (1.0,)})
    members = {
        grid.features_shares: {
            trial.setting["members"]
            for trial in fit_boosting(
                material, tiny_plan(boosting=grid, members_grid=(1, 2))
            ).choice.trials
        }
        for grid in (drawn, whole)
    }

    assert members == {(0.5,): {1.0, 2.0}, (1.0,): {1.0}}


def test_trees_are_read_off_one_fit_as_if_it_had_stopped_there(tmp_path: Path) -> None:
    material, _ = make(tmp_path)
    whole = tiny_plan(boosting=BoostingGrid(leaves=(4,), features_shares=(0.5,), trees=(5, 10)))
    alone = tiny_plan(boosting=BoostingGrid(leaves=(4,), features_shares=(0.5,), trees=(5,)))

    read_off = fit_boosting(material, whole).choice.trials[0]
    assert read_off == fit_boosting(material, alone).choice.trials[0]


@pytest.mark.parametrize("fit", [fit_logistic_regression, fit_boosting])
def test_the_same_rows_give_the_same_probabilities(fit: object, tmp_path: Path) -> None:
    material, _ = make(tmp_path)
    first, second = (fit(material, tiny_plan()) for _ in range(2))  # type: ignore[operator] - either of two functions

    assert np.array_equal(first.probabilities, second.probabilities)
