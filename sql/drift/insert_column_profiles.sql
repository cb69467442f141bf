-- core.column_profiles: one row per (feed, week, column_name).
--
-- reads:   profiled_columns (a registered frame)
-- params:  $feed varchar, $week date
insert into core.column_profiles by name
select
    $feed as feed,
    $week as week,
    column_name,
    place,
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
from profiled_columns;
