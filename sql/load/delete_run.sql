-- ml.runs: a run that is tried again under its own id replaces its record.
--
-- params:  $run_id varchar, $feed varchar, $week date
delete from ml.runs
where run_id = $run_id and feed = $feed and week = $week;
