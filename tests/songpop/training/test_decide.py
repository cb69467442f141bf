import pytest

from songpop.training.decide import compare_losses


@pytest.mark.parametrize(
    ("challenger", "champion", "is_promoted"),
    [(0.30, 0.31, True), (0.31, 0.30, False), (0.30, 0.30, False)],
)
def test_only_a_lower_loss_on_unseen_rows_promotes(
    challenger: float, champion: float, *, is_promoted: bool
) -> None:
    decision = compare_losses(challenger, champion, rows_count=200)

    assert decision.is_promoted == is_promoted


def test_reason_has_both_losses_and_the_number_of_rows() -> None:
    reason = compare_losses(0.3333, 0.4444, rows_count=200).reason

    assert reason == (
        "log loss 0.3333 below the champion's 0.4444 on 200 rows that neither has seen"
    )
