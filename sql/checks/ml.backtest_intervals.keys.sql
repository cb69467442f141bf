-- ml.backtest_intervals.keys: one row per key that stands twice.
--
-- holds:   one row per (backtest_id, feed, scope, title)
-- remedy:  run `songpop backtest` again
-- reads:   ml.backtest_intervals
select
    backtest_id,
    feed,
    scope,
    title,
    count(*) as rows_count
from ml.backtest_intervals
group by backtest_id, feed, scope, title
having count(*) > 1
order by backtest_id, feed, scope, title
