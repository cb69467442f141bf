-- ml.backtest_intervals.values: one row per figure out of its range or without its backtest.
--
-- holds:   coverage and width in [0, 1], at least one row, a backtest for every figure
-- remedy:  run `songpop backtest` again
-- reads:   ml.backtest_intervals, ml.backtests
select
    found.backtest_id,
    found.feed,
    found.scope,
    found.title
from ml.backtest_intervals as found
left join ml.backtests as backtests on found.backtest_id = backtests.backtest_id
where
    backtests.backtest_id is null
    or not coalesce(found.coverage between 0 and 1, false)
    or not coalesce(found.width between 0 and 1, false)
    or found.rows_count < 1
order by found.backtest_id, found.feed, found.scope, found.title
