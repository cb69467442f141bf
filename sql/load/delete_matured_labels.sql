-- ml.labels: what matured with a week, whatever the horizon was then, before it is found anew.
--
-- params:  $feed varchar, $week date, $label varchar
delete from ml.labels
where feed = $feed and matured_week = $week and label = $label;
