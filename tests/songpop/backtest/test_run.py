import polars as pl
import pytest

from songpop.backtest.fit import MODELS
from songpop.backtest.groups import Group
from songpop.backtest.origins import list_origins
from songpop.backtest.run import Backtest, backtest, judge
from songpop.evaluate.report import WHOLE
from songpop.formats.registry import load_formats
from tests.builders import week_number
from tests.songpop.backtest.make_material import FEEDS, PLAN, WEEK_ROWS, make_material

MATERIAL = make_material()
ORIGINS = list_origins(MATERIAL.weeks, PLAN)
SPEC = load_formats()["spotify_charts"]
CHARTS = Group("charts", FEEDS, FEEDS, SPEC)


def run() -> tuple[Backtest, int]:
    """Return a backtest of two origins, and how often it told of one."""
    told: list[None] = []
    return backtest(CHARTS, MATERIAL, ORIGINS, PLAN, lambda: told.append(None)), len(told)


@pytest.fixture(scope="module", name="result")
def _result() -> Backtest:
    """Return one backtest, run once."""
    return run()[0]


def test_every_origin_is_tested_and_all_are_judged_together(result: Backtest) -> None:
    counts = [one.evaluation.models[0].whole.rows_count for one in result.origins]

    assert [one.weeks for one in result.origins] == ORIGINS
    assert counts == [4 * WEEK_ROWS, 4 * WEEK_ROWS]
    assert result.evaluation.models[0].whole.rows_count == sum(counts)
    assert result.evaluation == judge(result.predictions, PLAN.training.seed)
    assert tuple(one.model for one in result.evaluation.models) == MODELS
    assert result.tested_weeks == (week_number(16), week_number(19))


def test_each_tested_week_comes_from_the_origin_before_it(result: Backtest) -> None:
    origins = result.predictions.group_by("week").agg(pl.col("origin").unique()).sort("week")

    assert origins["origin"].to_list() == [[week_number(n)] for n in (16, 16, 18, 18)]


def test_every_feed_is_judged_alone_too(result: Backtest) -> None:
    assert result.feeds == tuple(result.by_feed) == FEEDS
    for feed, evaluation in result.by_feed.items():
        own = result.predictions.filter(pl.col("feed") == feed)
        assert evaluation.models[0].whole.rows_count == own.height == 4 * WEEK_ROWS
        assert evaluation.models[0].whole.base_rate == own["is_high"].mean()


def test_coverage_by_week_is_of_all_tested_weeks(result: Backtest) -> None:
    intervals = result.evaluation.intervals

    assert intervals is not None
    assert list(intervals.weeks) == [str(week_number(n)) for n in range(16, 20)]
    covered = sum(week.coverage * week.rows_count for week in intervals.weeks.values())
    whole = intervals.slices[WHOLE]
    assert covered == pytest.approx(whole.coverage * whole.rows_count)


def test_equal_runs_give_equal_bits_and_tell_of_each_origin(result: Backtest) -> None:
    again, told = run()

    assert again.predictions.equals(result.predictions)
    assert again.evaluation == result.evaluation
    assert told == len(ORIGINS)


def test_one_feed_alone_is_not_judged_twice() -> None:
    us = pl.col("feed") == "us"
    is_us = MATERIAL.labels.select(us).to_series()
    alone = type(MATERIAL)(
        features=MATERIAL.features.filter(is_us),
        labels=MATERIAL.labels.filter(is_us),
        facts=MATERIAL.facts.filter(is_us),
        blocks=MATERIAL.blocks,
        weeks=MATERIAL.weeks,
        seen_until=MATERIAL.seen_until,
    )

    result = backtest(Group("us", ("us",), ("us",), SPEC), alone, ORIGINS[-1:], PLAN, lambda: None)

    assert (result.feeds, result.by_feed) == (("us",), {})
