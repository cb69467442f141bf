from dataclasses import replace
from pathlib import Path

import pytest

from songpop.evaluate.clusters import Difference
from songpop.reproduce.choice import Trial
from songpop.reproduce.words import (
    describe_choices,
    describe_residuals,
    show_difference,
    show_figure,
    show_setting,
)
from tests.songpop.reproduce.builders import make_reproduction


def test_difference_shows_sign_and_interval() -> None:
    text = show_difference(Difference(mean=-0.01234, low=-0.02, high=0.001))

    assert text == "-0.0123 [-0.0200, +0.0010]"


def test_setting_shows_short_numbers() -> None:
    assert show_setting({"features_share": 0.3, "trees": 200.0}) == "features share 0.3, trees 200"


BLIND = {"blind_distance": 3.21, "blind_share": 0.064, "blind_points": (28.0, 31.5)}
BLIND_WORDS = (
    "Most errors are near the cut: without the 6.4% of rows whose Track Score is within 3.2 "
    "percentiles of the median (28 to 31.5 points) 98 % are right. Only who has Track Score could "
    "leave them out."
)
SURE_WORDS = (
    "Of the 92% of rows that the score is surest of, 98 % are: so near one gets without knowing "
    "the answer."
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (BLIND, BLIND_WORDS),
        ({"sure_share": 0.92}, SURE_WORDS),
        ({"sure_share": 0.0}, "Not even of the rows that the score is surest of are 98 %."),
    ],
)
def test_what_is_missing_is_said_in_sentences(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    residuals = replace(make_reproduction(tmp_path).residuals, **changes)  # type: ignore[arg-type] - any field

    assert words in " ".join(describe_residuals(residuals))


@pytest.mark.parametrize(
    "changes",
    [BLIND | {"blind_share": 0.999}, {"blind_distance": None, "blind_share": None}],
)
def test_cut_is_not_blamed_where_most_rows_would_be_left_out(
    changes: dict[str, object], tmp_path: Path
) -> None:
    residuals = replace(make_reproduction(tmp_path).residuals, **changes)  # type: ignore[arg-type] - any field

    assert "near the cut" not in " ".join(describe_residuals(residuals))


@pytest.mark.parametrize(
    ("bias", "words"),
    [
        (0.02, "no bonus for recent tracks is seen"),
        (0.09, "recent tracks are given is not learned"),
    ],
)
def test_bonus_of_recent_tracks_is_told_by_their_bias(
    bias: float, words: str, tmp_path: Path
) -> None:
    residuals = make_reproduction(tmp_path).residuals
    newest = replace(residuals.by_age[0], bias=bias, bias_error=0.03)

    told = " ".join(describe_residuals(replace(residuals, by_age=(newest,))))

    assert words in told


def test_figure_of_what_draws_nothing_has_no_spread() -> None:
    assert show_figure(0.5, 0.01, is_drawn=True) == "0.5000 ± 0.0100"
    assert show_figure(0.5, 0.0, is_drawn=False) == "0.5000"


def test_choices_at_the_end_of_their_grid_are_told(tmp_path: Path) -> None:
    found = make_reproduction(tmp_path)
    trials = tuple(Trial({"trees": float(trees)}, 1.0 / trees) for trees in (100, 200, 300))
    choice = replace(found.results[0].choice, setting={"trees": 300.0}, trials=trials)
    result = replace(found.results[0], choice=choice)

    told = " ".join(describe_choices(replace(found, results=(result,))))

    assert "vanilla (leak): trees 300" in told
