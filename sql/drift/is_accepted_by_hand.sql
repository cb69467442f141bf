-- one row where somebody accepted the week.
--
-- reads:   core.accepted_weeks
-- params:  $feed varchar, $week date
select because
from core.accepted_weeks
where feed = $feed and week = $week;
