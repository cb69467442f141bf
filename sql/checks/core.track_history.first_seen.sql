-- core.track_history.first_seen: one row per (feed, track_id) with a wrong or no first week.
--
-- holds:   one row per (feed, track_id), naming the earliest week that lists it
-- remedy:  run `songpop backfill --feed FEED`
-- reads:   core.track_history, core.track_weeks
with listed as (
    select
        feed,
        track_id,
        min(week) as earliest_week
    from core.track_weeks
    group by feed, track_id
),

known as (
    select
        feed,
        track_id,
        min(first_seen_week) as first_seen_week,
        count(*) as rows_count
    from core.track_history
    group by feed, track_id
)

select
    listed.earliest_week,
    known.first_seen_week,
    known.rows_count,
    coalesce(listed.feed, known.feed) as feed,
    coalesce(listed.track_id, known.track_id) as track_id
from listed
full outer join known on listed.feed = known.feed and listed.track_id = known.track_id
where
    listed.earliest_week is distinct from known.first_seen_week
    or known.rows_count <> 1
order by feed, track_id
