-- core.weeks.rows: one row per (feed, week) whose row count differs from its rows.
--
-- holds:   rows_count equal to the week's accepted rows, and more than 0
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   core.weeks, core.track_weeks
-- params:  $feed varchar, $week date (null = every one)
with counted as (
    select
        feed,
        week,
        count(*) as accepted_count
    from core.track_weeks
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
    group by feed, week
),

declared as (
    select
        feed,
        week,
        rows_count
    from core.weeks
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
)

select
    declared.rows_count,
    counted.accepted_count,
    coalesce(declared.feed, counted.feed) as feed,
    coalesce(declared.week, counted.week) as week_end
from declared
full outer join counted on declared.feed = counted.feed and declared.week = counted.week
where declared.rows_count is distinct from counted.accepted_count
order by feed, week_end
