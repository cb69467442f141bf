-- ml.backtests: one row per backtest.
--
-- params:  one for each column
insert into ml.backtests (
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
)
values (
    $backtest_id,
    $feed,
    $tested_feeds,
    $label,
    $horizon_weeks,
    $from_week,
    $to_week,
    $block_weeks,
    $embargo_weeks,
    $origins_count,
    $rows_count,
    $settings,
    $created_at
);
