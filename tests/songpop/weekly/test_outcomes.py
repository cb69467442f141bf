import pytest

from songpop.weekly.outcomes import Outcomes, measure_outcomes
from tests.songpop.weekly.make_facts import make_matured


def test_means_weigh_weeks_by_their_rows() -> None:
    matured = [
        make_matured(rows_count=100, accuracy=1.0, base_rate=0.1, auc=1.0),
        make_matured(rows_count=300, accuracy=0.6, base_rate=0.4, auc=0.8),
    ]
    found = measure_outcomes(matured)

    assert (found.right, found.constant, found.order) == pytest.approx((0.7, 0.675, 0.85))
    assert (found.persistence, found.persistence_order) == pytest.approx((0.8, 0.85))


def test_persistence_is_unknown_where_one_week_has_none() -> None:
    unsized = make_matured(persistence_accuracy=None, persistence_auc=None)
    found = measure_outcomes([make_matured(), unsized])

    assert (found.persistence, found.persistence_order) == (None, None)
    assert found.order == pytest.approx(0.9)


def test_weeks_of_one_class_have_no_order() -> None:
    alike = make_matured(auc=None, persistence_auc=None, base_rate=1.0)

    assert measure_outcomes([alike]) == Outcomes(0.85, 1.0, 0.8, None, None)
    assert measure_outcomes([alike, make_matured()]).order == pytest.approx(0.9)
