-- core.week_profiles.keys: one row per profile that stands twice, or is of no week that is known.
--
-- holds:   one profile per (feed, week), accepted exactly where the week holds rows
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   core.week_profiles, core.weeks
-- params:  $feed varchar, $week date (null = every one)
with profiled as (
    select
        feed,
        week,
        count(*) as rows_count,
        bool_or(is_accepted) as is_accepted
    from core.week_profiles
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
    group by feed, week
)

select
    profiled.feed,
    profiled.week,
    profiled.rows_count,
    profiled.is_accepted
from profiled
left join core.weeks as weeks on profiled.feed = weeks.feed and profiled.week = weeks.week
where
    profiled.rows_count > 1
    or profiled.is_accepted <> (weeks.feed is not null)
order by profiled.feed, profiled.week
