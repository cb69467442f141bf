-- one row per profiled week of a feed before another, oldest first.
--
-- reads:   core.week_profiles
-- params:  $feed varchar, $week date
select
    week,
    is_accepted
from core.week_profiles
where feed = $feed and week < $week
order by week;
