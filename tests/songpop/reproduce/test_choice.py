import numpy as np

from songpop.reproduce.choice import Trial, best_trial, choose_calibration, loss_of_logits
from songpop.reproduce.split import make_folds

RNG = np.random.default_rng(1)
LOGITS = RNG.normal(0, 2, 2_000)
Y = RNG.random(2_000) < 1 / (1 + np.exp(-LOGITS))
FOLDS = make_folds(Y, None, 4)


def test_first_of_equal_trials_wins() -> None:
    trials = (Trial({"C": 1.0}, 0.3), Trial({"C": 2.0}, 0.2), Trial({"C": 3.0}, 0.2))

    assert best_trial(trials) is trials[1]


def test_overconfident_log_odds_are_scaled_down() -> None:
    scaling, raw, scaled = choose_calibration(Y, 3 * LOGITS, FOLDS)

    assert scaling.method == "platt"
    assert 0.25 < scaling.slope < 0.45
    assert scaled < raw


def test_scaling_is_used_only_where_it_lowers_the_loss_of_unseen_rows() -> None:
    methods: set[str] = set()
    for start in range(0, 2_000, 200):
        y, logits = Y[start : start + 200], LOGITS[start : start + 200]
        scaling, raw, scaled = choose_calibration(y, logits, make_folds(y, None, 2))
        methods.add(scaling.method)

        assert (scaling.method == "platt") == (scaled < raw)
        assert raw == loss_of_logits(y, logits)
    assert "identity" in methods


def test_each_fold_is_judged_by_a_scaling_of_the_others() -> None:
    # Fold 0 alone is turned round: a scaling that had seen it would know.
    logits = LOGITS.copy()
    logits[FOLDS[0]] *= -1
    held = loss_of_logits(Y, logits)
    _, raw, scaled = choose_calibration(Y, logits, FOLDS)

    assert raw == held
    assert scaled > loss_of_logits(Y, LOGITS)
