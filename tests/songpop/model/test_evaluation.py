import pytest

from songpop.model import metrics
from songpop.model.evaluation import measure
from tests.songpop.model.builders import make_features, make_labels, make_scorer

FEATURES = make_features(600)
LABELS = make_labels(FEATURES)


def test_measures_are_of_the_calibrated_scores() -> None:
    scorer = make_scorer(FEATURES)
    y, p = LABELS["is_high"].to_numpy(), scorer.score(FEATURES)["score"].to_numpy()
    measured = measure(scorer, FEATURES, LABELS)

    assert measured is not None
    assert measured.rows_count == 600
    assert measured.base_rate == pytest.approx(y.mean())
    assert measured.log_loss == metrics.log_loss(y, p)
    assert measured.auc == metrics.auc(y, p)
    assert sum(bin_.rows_count for bin_ in measured.reliability) == 600


def test_the_whole_range_covers_everything() -> None:
    measured = measure(make_scorer(FEATURES), FEATURES, LABELS)

    assert measured is not None
    assert (measured.interval_coverage, measured.interval_width) == (1, 1)


def test_no_rows_have_no_measures() -> None:
    assert measure(make_scorer(FEATURES), FEATURES[:0], LABELS[:0]) is None
