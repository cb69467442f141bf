-- one row: why a week is stale (null: it is not), and the earliest stale week before it.
--
-- reads:   core.weeks
-- params:  $feed varchar, $week date
select
    max(stale_because) filter (where week = $week and is_stale) as stale_because,
    min(week) filter (where week < $week and is_stale) as earliest_stale_week
from core.weeks
where feed = $feed and week <= $week;
