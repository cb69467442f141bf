"""What must be said of a model that was published without having beaten what is simpler."""

from typing import Final

from songpop.evaluate.report import Evaluation

SIMPLER: Final = ("constant", "persistence", "logistic")
"""The baselines that a model must beat; boosting is shown beside it, and is no simpler."""


def warn_of(evaluation: Evaluation | None) -> str | None:
    """Return the warning that goes with a model; null where it beats what is simpler.

    Args:
        evaluation: of the model beside its baselines on its own test weeks; null where
            nothing was left for them.
    """
    if evaluation is None:
        return "not yet compared with baselines: nothing was left to test it on"
    own = evaluation.models[0].whole
    lost = [
        f"{one.other} ({evaluation.model(one.other).whole.log_loss:.4f})"
        for one in evaluation.comparisons
        if one.other in SIMPLER and one.log_loss.mean >= 0
    ]
    if not lost:
        return None
    return (
        f"does not beat {' and '.join(lost)}: log loss {own.log_loss:.4f} on "
        f"{own.rows_count:,} test rows"
    )
