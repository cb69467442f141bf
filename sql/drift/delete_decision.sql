-- ml.drift_weeks: the decision about a week, before it is written anew.
--
-- params:  $feed varchar, $week date
delete from ml.drift_weeks
where feed = $feed and week = $week;
