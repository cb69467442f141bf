"""The origins of a backtest: blocks of whole weeks to test on, and what was known before each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from songpop.backtest.plan import BacktestPlan
from songpop.splits import WeekBlocks, split_before


def list_origins(weeks: Sequence[dt.date], plan: BacktestPlan) -> list[WeekBlocks]:
    """Return the blocks of each origin, the earliest first.

    Each tests ``block_weeks`` successive weeks (the last one what is left) on a model that learns
    from every week before, the embargo apart: a week is learned from only if it lies at least
    the embargo before the first tested week, by when its label was known.

    Args:
        weeks: weeks whose labels are known today, each once, in any order.
        plan: which of them are tested.

    Returns:
        WeekBlocks with fit, calibration and test weeks, and a stop block where there is room for
        one. Weeks before the first that has ``network_matured_weeks`` to learn from, with room
        for a calibration block among them, are in no origin.
    """
    known = sorted(weeks)
    tested = [week for week in known if _may_test(week, known, plan)]
    origins: list[WeekBlocks] = []
    for start in range(0, len(tested), plan.block_weeks):
        test = tuple(tested[start : start + plan.block_weeks])
        blocks = split_before(_before(known, test[0], plan), plan.horizon_weeks)
        origins.append(replace(blocks, test=test))
    return origins


def _may_test(week: dt.date, known: list[dt.date], plan: BacktestPlan) -> bool:
    before = _before(known, week, plan)
    return (
        (plan.from_week is None or week >= plan.from_week)
        and (plan.to_week is None or week <= plan.to_week)
        and len(before) >= plan.training.network_matured_weeks
        and bool(split_before(before, plan.horizon_weeks).calibrate)
    )


def _before(known: list[dt.date], week: dt.date, plan: BacktestPlan) -> list[dt.date]:
    last = week - dt.timedelta(weeks=plan.gap_weeks)
    return [earlier for earlier in known if earlier <= last]
