-- core.track_history: one row per (feed, track_id), the first week that lists the track.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date
insert into core.track_history (feed, track_id, first_seen_week)
select
    listed.feed,
    listed.track_id,
    listed.week as first_seen_week
from core.track_weeks as listed
where
    listed.feed = $feed
    and listed.week = $week
    and not exists (
        select 1 from core.track_history as known
        where known.feed = listed.feed and known.track_id = listed.track_id
    )
order by listed.track_id;
