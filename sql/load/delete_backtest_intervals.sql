-- ml.backtest_intervals: forget one backtest, before it is stored anew.
--
-- params:  $backtest_id varchar
delete from ml.backtest_intervals
where backtest_id = $backtest_id;
