import numpy as np
import pytest

from songpop.model.calibration import Calibration
from songpop.reproduce.fitter import get_fitter
from songpop.reproduce.material import Material, make_material
from songpop.reproduce.networks import fit_networks
from songpop.reproduce.split import published_split
from tests.songpop.reproduce.builders import make_small_tracks, tiny_plan

PLAN = tiny_plan()


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    tracks = make_small_tracks(tmp_path_factory.mktemp("tracks"))
    split = published_split(tracks.y.size)
    return make_material(
        tracks, "leak_free", split, is_by_artist=False, folds_count=2, seeds_count=2
    )


def test_ensemble_and_first_member_come_of_the_same_fits(material: Material) -> None:
    ensemble, single = fit_networks("l2", material, PLAN)

    assert (ensemble.model, single.model) == ("l2", "l2_single")
    assert ensemble.probabilities.shape == single.probabilities.shape == (2, 60)
    assert ensemble.choice.setting["lambda"] == single.choice.setting["lambda"]
    assert single.choice.setting["members"] == 1


def test_choice_is_the_trial_with_the_lowest_loss(material: Material) -> None:
    ensemble, single = fit_networks("l2", material, PLAN)
    trials = single.choice.trials

    assert len(trials) == len(PLAN.l2_grid) * len(PLAN.epochs) * len(PLAN.softness_grid)
    assert min(trials, key=lambda trial: trial.log_loss).setting == single.choice.setting
    assert {trial.setting["members"] for trial in ensemble.choice.trials} == {1, 2}
    assert len(single.choice.curve) == PLAN.network.max_epochs


def test_vanilla_has_no_penalty_and_l1_a_grid_of_its_own(material: Material) -> None:
    (vanilla,) = fit_networks("vanilla", material, PLAN)
    (l1,) = fit_networks("l1", material, PLAN)

    assert {trial.setting["lambda"] for trial in vanilla.choice.trials} == {0.0}
    assert {trial.setting["lambda"] for trial in l1.choice.trials} == set(PLAN.l1_grid)


def test_final_networks_are_fitted_on_every_row_with_the_chosen_setting(
    material: Material,
) -> None:
    (l1,) = fit_networks("l1", material, PLAN)
    settings = PLAN.network.model_copy(update={"regularizer": "l1"})
    fitter = get_fitter(material.fit.x.shape[1], settings)
    chosen = l1.choice.setting
    ends = (int(chosen["epochs"]),)
    taught = (material.fit.x, material.targets(0.0))
    fit = fitter.fit(taught, material.test, chosen["lambda"], settings.seed, ends)

    assert not l1.choice.is_calibrated or material.fit.y.size >= 200
    if not l1.choice.is_calibrated:
        assert np.array_equal(l1.probabilities[0], Calibration().probability(fit.logits[0]))
    else:
        assert (np.argsort(l1.probabilities[0]) == np.argsort(fit.logits[0])).mean() > 0.95


def test_the_same_seed_gives_the_same_probabilities(material: Material) -> None:
    first, second = (fit_networks("vanilla", material, PLAN)[0] for _ in range(2))

    assert np.array_equal(first.probabilities, second.probabilities)
    assert not np.array_equal(first.probabilities[0], first.probabilities[1])
