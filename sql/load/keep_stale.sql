-- core.weeks: a week whose rows are written anew stays stale if it was.
--
-- params:  $feed varchar, $week date, $stale_because varchar
update core.weeks
set is_stale = true, stale_because = $stale_because
where feed = $feed and week = $week;
