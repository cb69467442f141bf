-- core.track_history: one row per (feed, track_id), the first week that lists the track.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date
insert into core.track_history (feed, track_id, first_seen_week)
select
    rows.feed,
    rows.track_id,
    rows.week as first_seen_week
from core.track_weeks as rows
anti join core.track_history as known
    on rows.feed = known.feed and rows.track_id = known.track_id
where rows.feed = $feed and rows.week = $week
order by rows.track_id;
