-- ml.backtest_differences.keys: one row per key that stands twice.
--
-- holds:   one row per (backtest_id, feed, origin, other)
-- remedy:  run `songpop backtest` again
-- reads:   ml.backtest_differences
select
    backtest_id,
    feed,
    origin,
    other,
    count(*) as rows_count
from ml.backtest_differences
group by backtest_id, feed, origin, other
having count(*) > 1
order by backtest_id, feed, origin, other
