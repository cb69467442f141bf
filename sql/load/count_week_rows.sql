-- one row: how many rows the week holds.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date
select count(*) as rows_count
from core.track_weeks
where feed = $feed and week = $week;
