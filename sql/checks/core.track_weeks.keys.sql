-- core.track_weeks.keys: one row per key that stands twice.
--
-- holds:   one row per (feed, week, track_id)
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date (null = every one)
select
    feed,
    week,
    track_id,
    count(*) as rows_count
from core.track_weeks
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
group by feed, week, track_id
having count(*) > 1
order by feed, week, track_id
