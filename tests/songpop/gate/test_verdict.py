import pytest
from pydantic import ValidationError

from songpop.gate import Verdict
from songpop.gate.verdict import SliceFigures


def test_reasons_make_one_line() -> None:
    assert Verdict(is_promoted=False, reasons=("one", "two")).text == "one; two"


def test_figures_that_are_stored_change_no_more() -> None:
    figures = SliceFigures(rows_count=500, champion_auc=0.7, challenger_auc=0.8)

    with pytest.raises(ValidationError, match="Instance is frozen"):
        figures.rows_count = 501  # type: ignore[misc] - what is tried


def test_figures_of_another_version_are_refused() -> None:
    stored = '{"rows_count": 500, "champion_auc": 0.7, "challenger_auc": 0.8, "brier": 0.1}'

    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        SliceFigures.model_validate_json(stored)
