-- one row per week whose labels matured with $week.
--
-- reads:   ml.labels
-- params:  $feed varchar, $week date
select distinct week
from ml.labels
where feed = $feed and matured_week = $week
order by week;
