-- ml.drift: the verdicts on a week, before they are written anew.
--
-- params:  $feed varchar, $week date
delete from ml.drift
where feed = $feed and week = $week;
