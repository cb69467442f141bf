-- one row per column of a week's profile, in the order of the format.
--
-- reads:   core.column_profiles
-- params:  $feed varchar, $week date
select
    column_name,
    missing_count,
    lost_count,
    gained_count,
    compared_count,
    equal_count,
    fallen_count,
    median_log_ratio,
    level_cells,
    level_counts,
    change_cells,
    change_counts,
    associations
from core.column_profiles
where feed = $feed and week = $week
order by place;
