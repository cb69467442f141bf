from songpop.gate import judge
from songpop.gate.words import say_gain, say_rows, say_scant
from tests.songpop.gate.make_evidence import QUICK, make_evidence


def test_numbers_of_rows_and_weeks_are_in_words() -> None:
    assert say_rows(1, 1) == "1 row of 1 week"
    assert say_rows(5_200, 26) == "5,200 rows of 26 weeks"


def test_a_gain_names_losses_rows_and_interval() -> None:
    figures = judge(make_evidence(), QUICK).figures

    assert figures is not None
    gap = figures.difference
    assert say_gain(figures) == (
        "its forecasts came closer to what happened than the champion's on 5,200 rows of 26 weeks "
        "that neither has seen (log loss, less is better: "
        f"{figures.challenger_log_loss:.4f} against {figures.champion_log_loss:.4f}, "
        f"difference {gap.mean:+.4f}, 95 % interval {gap.low:+.4f} to {gap.high:+.4f})"
    )
    assert say_scant(figures) is None
