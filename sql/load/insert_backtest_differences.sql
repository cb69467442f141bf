-- ml.backtest_differences: one row per (backtest, feed, origin, other).
--
-- reads:   found_differences (a registered frame)
insert into ml.backtest_differences by name
select
    backtest_id,
    feed,
    origin,
    other,
    log_loss,
    log_loss_low,
    log_loss_high,
    auc,
    auc_low,
    auc_high
from found_differences
order by
    feed,
    origin nulls first,
    other;
