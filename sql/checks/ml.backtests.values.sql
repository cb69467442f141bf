-- ml.backtests.values: one row per backtest that tested nothing, or backwards.
--
-- holds:   a first tested week no later than the last, at least one fit and one row
-- remedy:  run `songpop backtest` again
-- reads:   ml.backtests
select
    backtest_id,
    feed,
    from_week,
    to_week
from ml.backtests
where
    from_week > to_week
    or origins_count < 1
    or rows_count < 1
    or embargo_weeks < horizon_weeks
order by backtest_id
