-- ml.labels: the labels of one week, before they are written anew.
--
-- params:  $feed varchar, $week date, $label varchar
delete from ml.labels
where feed = $feed and week = $week and label = $label;
