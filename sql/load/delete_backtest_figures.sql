-- ml.backtest_figures: forget one backtest, before it is stored anew.
--
-- params:  $backtest_id varchar
delete from ml.backtest_figures
where backtest_id = $backtest_id;
