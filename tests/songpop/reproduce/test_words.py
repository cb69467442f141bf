from dataclasses import replace
from pathlib import Path

import pytest

from songpop.evaluate.clusters import Difference
from songpop.reproduce.words import describe_residuals, show_difference, show_setting
from tests.songpop.reproduce.builders import make_reproduction


def test_difference_shows_sign_and_interval() -> None:
    text = show_difference(Difference(mean=-0.01234, low=-0.02, high=0.001))

    assert text == "-0.0123 [-0.0200, +0.0010]"


def test_setting_shows_short_numbers() -> None:
    assert show_setting({"features_share": 0.3, "trees": 200.0}) == "features share 0.3, trees 200"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"blind_distance": 3.21, "blind_share": 0.064, "blind_points": (28.0, 31.5)},
            (
                "98 % are reached without the 6.4% of rows whose Track Score lies within 3.2 "
                "percentiles of the median (28 to 31.5 points)."
            ),
        ),
        ({"blind_distance": None}, "no distance from the median leaves rows of which 98 % are."),
        ({"blind_distance": 0.0, "blind_share": 0.0}, "no row need be left out for 98 %."),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    residuals = replace(make_reproduction(tmp_path).residuals, accuracy=0.947, **changes)  # type: ignore[arg-type] - any field

    assert describe_residuals(residuals) == f"94.7% of all rows are right; {words}"
