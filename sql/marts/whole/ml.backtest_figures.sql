-- ml.backtest_figures: one row per (backtest, feed, origin, model, slice): how good each model was.
select
    backtest_id,
    feed,
    origin,
    model,
    slice,
    rows_count,
    base_rate,
    log_loss,
    brier,
    calibration_error,
    accuracy,
    auc,
    average_precision,
    precision_at_20,
    precision_at_50,
    lift_at_20,
    lift_at_50
from ml.backtest_figures
order by
    backtest_id,
    feed,
    origin nulls first,
    model,
    slice
