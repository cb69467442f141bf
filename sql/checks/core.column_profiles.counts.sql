-- core.column_profiles.counts: one row per column whose counts are not those of its week.
--
-- holds:   one profile per (feed, week, column_name), whose values and gaps are the week's tracks
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   core.column_profiles, core.week_profiles
-- params:  $feed varchar, $week date (null = every one)
select
    columns.feed,
    columns.week,
    columns.column_name,
    count(*) as rows_count
from core.column_profiles as columns
left join core.week_profiles as weeks
    on columns.feed = weeks.feed and columns.week = weeks.week
where
    ($feed is null or columns.feed = $feed)
    and ($week is null or columns.week = $week)
group by columns.feed, columns.week, columns.column_name
having
    count(*) > 1
    or bool_or(
        list_sum(columns.level_counts) + columns.missing_count
        is distinct from weeks.tracks_count
        and len(columns.level_counts) > 0
    )
    or bool_or(len(columns.level_cells) <> len(columns.level_counts))
    or bool_or(coalesce(list_sum(columns.change_counts), 0) <> columns.compared_count)
order by columns.feed, columns.week, columns.column_name
