-- track_id_sample: one row per track of a sample of one loaded week, in the order of their keys.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date, $every bigint (one track in so many)
select tw.track_id
from core.track_weeks as tw
where tw.feed = $feed and tw.week = $week and hash(tw.track_id) % cast($every as ubigint) = 0
order by tw.track_id
