-- ml.backtest_intervals: one row per (backtest, feed, scope, title): how the 80 % intervals did.
--
-- reads:   found_intervals (a registered frame)
insert into ml.backtest_intervals by name
select
    backtest_id,
    feed,
    scope,
    title,
    rows_count,
    coverage,
    width
from found_intervals
order by
    feed,
    scope,
    title;
