from songpop.gate import Verdict


def test_reasons_make_one_line() -> None:
    assert Verdict(is_promoted=False, reasons=("one", "two")).text == "one; two"
