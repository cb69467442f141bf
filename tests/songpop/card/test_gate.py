from songpop.card.gate import write_gate
from songpop.gate import judge
from tests.songpop.card.builders import make_material
from tests.songpop.gate.make_evidence import QUICK, make_evidence


def test_a_model_that_was_not_compared_says_so() -> None:
    assert write_gate(make_material()).startswith("It was not compared with a champion")


def test_every_rule_has_what_was_asked_and_found() -> None:
    figures = judge(make_evidence(), QUICK, "v1").figures
    assert figures is not None

    text = write_gate(make_material(gate=figures))

    assert text.startswith("Compared with v1 on weeks that neither had seen, from 2024-05-23 to ")
    rules = (
        "weeks ",
        "rows ",
        "log loss less the champion's",
        "calibration error",
        "AUC lost, age",
    )
    assert all(f"\n| {rule}" in text for rule in rules)
    assert "at least 5,000" in text
    assert "log loss less that of persistence" in text


def test_calibration_is_left_open_on_few_rows() -> None:
    figures = judge(make_evidence(weeks=8), QUICK).figures

    assert "too few rows" in write_gate(make_material(gate=figures))
