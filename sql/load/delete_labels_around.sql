-- ml.labels: the labels of a week, and those that matured with it.
--
-- params:  $feed varchar, $week date
delete from ml.labels
where feed = $feed and (week = $week or matured_week = $week);
