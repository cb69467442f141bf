import numpy as np

from songpop.model.forward import forward_logits
from songpop.model.network import NetworkTrainer
from songpop.model.sample import Sample
from songpop.reproduce.fitter import get_fitter
from tests.songpop.reproduce.builders import tiny_plan

RNG = np.random.default_rng(1)
X = RNG.normal(0, 1, (200, 6)).astype(np.float32)
Y = X[:, 0] + X[:, 1] > RNG.normal(0, 0.5, 200)
FIT, HELD = (X[:150], Y[:150].astype(np.float64)), Sample(X[150:], Y[150:])
SETTINGS = tiny_plan().network


def test_fit_is_the_one_that_the_weekly_models_get() -> None:
    # But for the mean of its last epochs, which the reproduction does not take.
    trainer = NetworkTrainer(6, SETTINGS.model_copy(update={"averaged_epochs": 1}))
    weekly = trainer.fit(Sample(X[:150], Y[:150]), None, 0.01, seed=7)
    stack, _ = trainer.export(weekly)
    found = get_fitter(6, SETTINGS).fit(FIT, HELD, 0.01, 7, (4,))

    assert np.array_equal(found.logits[0], forward_logits([stack], HELD.x))
    assert [one.fit for one in found.curve] == [one.fit for one in weekly.curve]


def test_reading_on_the_way_changes_nothing() -> None:
    fitter = get_fitter(6, SETTINGS)
    once = fitter.fit(FIT, HELD, 0.01, 7, (4,))
    often = fitter.fit(FIT, HELD, 0.01, 7, (1, 2, 4))
    short = fitter.fit(FIT, HELD, 0.01, 7, (2,))

    assert np.array_equal(often.logits[2], once.logits[0])
    assert np.array_equal(often.logits[1], short.logits[0])
    assert not np.array_equal(often.logits[0], often.logits[1])


def test_labels_of_rows_to_answer_for_change_only_the_curve() -> None:
    fitter = get_fitter(6, SETTINGS)
    labelled = fitter.fit(FIT, HELD, 0.01, 7, (4,))
    turned = fitter.fit(FIT, Sample(HELD.x, ~HELD.y), 0.01, 7, (4,))
    blind = fitter.fit(FIT, HELD.x, 0.01, 7, (4,))

    assert np.array_equal(labelled.logits, turned.logits)
    assert np.array_equal(labelled.logits, blind.logits)
    assert [one.judge for one in blind.curve] == [None] * 4
    assert None not in [one.judge for one in labelled.curve]
