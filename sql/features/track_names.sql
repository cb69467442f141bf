-- track_names: one row per track of one loaded week, with what it is called.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date, $from_id varchar, $to_id varchar (itself, too)
-- order:   none; it is joined by track_id
select
    tw.track_id,
    tw.title,
    tw.artist_name
from core.track_weeks as tw
where
    tw.feed = $feed and tw.week = $week
    and tw.track_id between $from_id and $to_id
