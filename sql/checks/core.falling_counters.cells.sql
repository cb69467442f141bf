-- core.falling_counters.cells: one row per cell that did not fall or stands twice.
--
-- holds:   one row per cell of a loaded track whose value fell
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   core.falling_counters, core.track_weeks
with cells as (
    select
        feed,
        week,
        track_id,
        column_name,
        min(before) as lowest_before,
        max(after) as highest_after,
        count(*) as rows_count
    from core.falling_counters
    group by feed, week, track_id, column_name
)

select
    cells.feed,
    cells.week,
    cells.track_id,
    cells.column_name,
    cells.lowest_before,
    cells.highest_after,
    cells.rows_count
from cells
left join core.track_weeks as listed
    on
        cells.feed = listed.feed
        and cells.week = listed.week
        and cells.track_id = listed.track_id
where
    listed.track_id is null
    or cells.rows_count > 1
    or cells.lowest_before <= cells.highest_after
order by cells.feed, cells.week, cells.track_id, cells.column_name
