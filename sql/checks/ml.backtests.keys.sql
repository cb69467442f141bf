-- ml.backtests.keys: one row per key that stands twice.
--
-- holds:   one row per (backtest_id)
-- remedy:  run `songpop backtest` again
-- reads:   ml.backtests
select
    backtest_id,
    count(*) as rows_count
from ml.backtests
group by backtest_id
having count(*) > 1
order by backtest_id
