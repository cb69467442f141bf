-- one row at most: a week's profile without its columns.
--
-- reads:   core.week_profiles
-- params:  $feed varchar, $week date
select
    before_week,
    rows_count,
    tracks_count,
    common_count,
    ages
from core.week_profiles
where feed = $feed and week = $week;
