-- ml.backtest_differences: forget one backtest, before it is stored anew.
--
-- params:  $backtest_id varchar
delete from ml.backtest_differences
where backtest_id = $backtest_id;
