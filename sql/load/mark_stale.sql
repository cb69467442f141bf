-- core.weeks: later weeks that were made from what has changed since.
--
-- params:  $feed varchar, $week date, $because varchar
update core.weeks
set is_stale = true, stale_because = $because
where feed = $feed and week > $week and scored_at is not null;
