"""All checks of one week that need its profile alone."""

from songpop.drift.columns import judge_columns
from songpop.drift.joint import judge_associations, judge_mixture
from songpop.drift.profile import WeekProfile
from songpop.drift.references import References
from songpop.drift.verdict import Verdict
from songpop.settings import DriftSettings


def assess_week(now: WeekProfile, references: References, settings: DriftSettings) -> list[Verdict]:
    """Return the verdicts on a plausible week.

    Args:
        now: the week, its changes counted from the last accepted week.
        references: weeks before it.
        settings: thresholds.

    Returns:
        One verdict a check and column; none where fewer than three weeks can be compared with.
    """
    return [
        *judge_columns(now, references, settings),
        *judge_mixture(now, references, settings),
        *judge_associations(now, references, settings),
    ]
