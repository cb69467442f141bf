-- ml.backtest_figures.keys: one row per key that stands twice.
--
-- holds:   one row per (backtest_id, feed, origin, model, slice)
-- remedy:  run `songpop backtest` again
-- reads:   ml.backtest_figures
select
    backtest_id,
    feed,
    origin,
    model,
    slice,
    count(*) as rows_count
from ml.backtest_figures
group by backtest_id, feed, origin, model, slice
having count(*) > 1
order by backtest_id, feed, origin, model, slice
