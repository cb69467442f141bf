import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from songpop.model.forward import forward_logits
from songpop.model.logistic import fit_logistic
from songpop.model.sample import Sample
from tests.songpop.model.builders import floats

RNG = np.random.default_rng(15)
X = RNG.normal(size=(300, 4)).astype(np.float32)
SAMPLE = Sample(X, X @ floats([1, -1, 0.5, 0]) + RNG.normal(0, 1, 300) > 0)


def test_the_layer_gives_scikit_learns_log_odds() -> None:
    known = LogisticRegression(C=0.3, max_iter=1000).fit(SAMPLE.x, SAMPLE.y)
    stack = fit_logistic(SAMPLE, inverse_strength=0.3)

    assert len(stack) == 1
    assert forward_logits([stack], SAMPLE.x) == pytest.approx(
        known.decision_function(SAMPLE.x), abs=1e-5
    )


def test_a_stronger_penalty_gives_smaller_weights() -> None:
    weak, strong = (fit_logistic(SAMPLE, c)[0].kernel for c in (1.0, 0.001))

    assert np.abs(strong).sum() < 0.3 * np.abs(weak).sum()
