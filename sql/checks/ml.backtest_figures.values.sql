-- ml.backtest_figures.values: one row per figure out of its range or without its backtest.
--
-- holds:   shares in [0, 1], a log loss that is not negative, a backtest for every figure
-- remedy:  run `songpop backtest` again
-- reads:   ml.backtest_figures, ml.backtests
select
    figures.backtest_id,
    figures.feed,
    figures.origin,
    figures.model,
    figures.slice
from ml.backtest_figures as figures
left join ml.backtests as backtests on figures.backtest_id = backtests.backtest_id
where
    backtests.backtest_id is null
    or not coalesce(figures.log_loss >= 0, false)
    or not coalesce(figures.base_rate between 0 and 1, false)
    or not coalesce(figures.auc between 0 and 1, figures.auc is null)
    or not coalesce(figures.calibration_error between 0 and 1, false)
order by figures.backtest_id, figures.feed, figures.origin, figures.model, figures.slice
