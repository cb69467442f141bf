import pytest

from songpop.reproduce.published import PUBLISHED


def test_published_f1_follows_from_precision_and_recall() -> None:
    for figures in PUBLISHED.values():
        f1 = 2 * figures.precision * figures.recall / (figures.precision + figures.recall)

        assert figures.f1 == pytest.approx(f1, abs=2e-4)


def test_champion_is_the_l2_network() -> None:
    assert max(PUBLISHED, key=lambda name: PUBLISHED[name].accuracy) == "l2"
