-- ml.backtests: one row per backtest.
select
    backtest_id,
    feed,
    tested_feeds,
    label,
    horizon_weeks,
    from_week,
    to_week,
    block_weeks,
    embargo_weeks,
    origins_count,
    rows_count,
    settings,
    created_at
from ml.backtests
order by
    feed,
    label,
    from_week,
    backtest_id
