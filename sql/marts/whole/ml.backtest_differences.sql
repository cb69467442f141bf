-- ml.backtest_differences: one row per (backtest, feed, origin, other).
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
from ml.backtest_differences
order by
    backtest_id,
    feed,
    origin nulls first,
    other
