-- ml.backtests: forget one backtest, before it is stored anew.
--
-- params:  $backtest_id varchar
delete from ml.backtests
where backtest_id = $backtest_id;
