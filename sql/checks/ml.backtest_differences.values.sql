-- ml.backtest_differences.values: one row per figure out of its range or without its backtest.
--
-- holds:   an interval whose ends are in order, a backtest for every figure
-- remedy:  run `songpop backtest` again
-- reads:   ml.backtest_differences, ml.backtests
select
    found.backtest_id,
    found.feed,
    found.origin,
    found.other
from ml.backtest_differences as found
left join ml.backtests as backtests on found.backtest_id = backtests.backtest_id
where
    backtests.backtest_id is null
    or found.log_loss_low > found.log_loss_high
    or found.auc_low > found.auc_high
order by found.backtest_id, found.feed, found.origin, found.other
