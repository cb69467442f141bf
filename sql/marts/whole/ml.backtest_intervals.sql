-- ml.backtest_intervals: one row per (backtest, feed, scope, title): how the 80 % intervals did.
select
    backtest_id,
    feed,
    scope,
    title,
    rows_count,
    coverage,
    width
from ml.backtest_intervals
order by
    backtest_id,
    feed,
    scope,
    title
