-- core.track_history: tracks first seen in a week whose rows changed are looked up again.
--
-- params:  $feed varchar, $week date
delete from core.track_history
where feed = $feed and first_seen_week = $week;
