-- core.track_weeks: one week's rows.
--
-- params:  $feed varchar, $week date
delete from core.track_weeks
where feed = $feed and week = $week;
