-- one row at most: whose scores met their labels in a week.
--
-- reads:   core.matured_losses
-- params:  $feed varchar, $week date (the week in which labels matured)
select model_version
from core.matured_losses
where feed = $feed and matured_week = $week;
