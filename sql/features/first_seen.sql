-- first_seen: one row per track that a feed had shown by one week.
--
-- reads:   core.track_history
-- params:  $feed varchar, $week date, $from_id varchar, $to_id varchar (not itself; null: no end),
--          $below varchar (of the tracks, those whose hash begins with less; null: all)
-- order:   none; it is joined by track_id
select
    th.track_id,
    th.first_seen_week
from core.track_history as th
where
    th.feed = $feed and th.first_seen_week <= $week
    and th.track_id >= $from_id
    and ($to_id is null or th.track_id < $to_id)
    and ($below is null or substr(md5(th.track_id), 1, 6) < $below)
