import duckdb
import pytest

from songpop.backtest.store import name_backtest, store_backtest
from songpop.warehouse.checks import run_checks
from tests.builders import NOW, make_warehouse
from tests.songpop.backtest.builders import make_backtest

TABLES = ("backtests", "backtest_figures", "backtest_differences", "backtest_intervals")
FOUND = make_backtest()


def count_rows(con: duckdb.DuckDBPyConnection) -> list[int]:
    return [con.execute(f"select count(*) from ml.{name}").fetchall()[0][0] for name in TABLES]


def test_every_figure_is_stored_and_equals_the_evaluation() -> None:
    con = make_warehouse()
    name = store_backtest(con, FOUND, NOW)

    stored = con.execute(
        """
        select model, log_loss, auc, precision_at_20 from ml.backtest_figures
        where backtest_id = $name and feed = 'charts' and origin is null and slice = 'all rows'
        order by model
        """,
        {"name": name},
    ).fetchall()
    expected = [
        (one.model, one.whole.log_loss, one.whole.auc, one.whole.precision_at_20)
        for one in sorted(FOUND.evaluation.models, key=lambda one: one.model)
    ]
    assert stored == expected


def test_differences_keep_their_intervals() -> None:
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


def test_storing_the_same_backtest_again_replaces_it() -> None:
    con = make_warehouse()
    store_backtest(con, FOUND, NOW)
    once = count_rows(con)
    store_backtest(con, FOUND, NOW)

    assert count_rows(con) == once
    assert min(once) > 0


def test_every_check_of_the_warehouse_holds_afterwards() -> None:
    con = make_warehouse()
    store_backtest(con, FOUND, NOW)

    assert run_checks(con, "warehouse") == []


@pytest.mark.parametrize("noise", [{"network": 0.9}, {"boosting": 2.0}])
def test_other_scores_give_another_name(noise: dict[str, float]) -> None:
    assert name_backtest(make_backtest()) == name_backtest(FOUND)
    assert name_backtest(make_backtest(noise=noise)) != name_backtest(FOUND)
