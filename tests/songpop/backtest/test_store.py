from dataclasses import replace
from pathlib import Path

import polars as pl

from songpop.backtest.store import name_backtest, store_backtest
from songpop.warehouse.checks import run_checks
from tests.builders import NOW, make_warehouse
from tests.songpop.backtest.builders import make_backtest
from tests.songpop.warehouse.make_warehouse import open_warehouse

FOUND = make_backtest()
TABLES = ("backtests", "backtest_figures", "backtest_differences", "backtest_intervals")


def test_the_name_follows_from_rows_settings_and_scores_alone() -> None:
    made_up = pl.DataFrame({"feed": ["us"], "network": [0.25], "is_high": [True]})
    found = replace(FOUND, predictions=made_up)
    other = replace(FOUND, predictions=made_up.with_columns(pl.lit(0.5).alias("network")))

    plan = FOUND.plan.model_copy(update={"block_weeks": 2})

    name, _, digest = name_backtest(found).rpartition("-")

    first, last = FOUND.tested_weeks
    assert name == f"charts-level-{first}-{last}"
    assert len(digest) == 10
    assert name_backtest(replace(found, predictions=made_up.clone())) == name_backtest(found)
    assert name_backtest(other) != name_backtest(found)
    assert name_backtest(replace(found, plan=plan)) != name_backtest(found)


def test_the_same_backtest_twice_is_stored_once(tmp_path: Path) -> None:
    _, con = open_warehouse(tmp_path)
    with con:
        name = store_backtest(con, FOUND, NOW)
        once = [con.execute(f"from ml.{table}").fetchall() for table in TABLES]
        assert store_backtest(con, FOUND, NOW) == name
        twice = [con.execute(f"from ml.{table}").fetchall() for table in TABLES]

    assert once == twice
    assert len(once[0]) == 1
    # Four baselines for all, for each of two feeds and of two origins.
    assert len(once[2]) == 5 * 4


def test_what_is_stored_is_what_was_found(tmp_path: Path) -> None:
    _, con = open_warehouse(tmp_path)
    with con:
        store_backtest(con, FOUND, NOW)
        rows = con.execute(
            "select model, log_loss from ml.backtest_figures "
            "where feed = 'charts' and origin is null and slice = 'all rows' order by model"
        ).fetchall()

    assert rows == sorted((one.model, one.whole.log_loss) for one in FOUND.evaluation.models)


def test_differences_keep_their_intervals_and_every_check_holds() -> None:
    con = make_warehouse()
    store_backtest(con, FOUND, NOW)
    stored = con.execute(
        """
        select log_loss, log_loss_low, log_loss_high from ml.backtest_differences
        where feed = 'charts' and origin is null and other = 'boosting'
        """
    ).fetchall()
    boosting = next(one for one in FOUND.evaluation.comparisons if one.other == "boosting")

    assert stored == [(boosting.log_loss.mean, boosting.log_loss.low, boosting.log_loss.high)]
    assert run_checks(con, "warehouse") == []
