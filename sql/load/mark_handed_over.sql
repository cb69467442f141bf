-- core.weeks: weeks that were run and are another model's now; stale ones keep their reason.
--
-- params:  $feed varchar, $week date (the first), $because varchar
update core.weeks
set is_stale = true, stale_because = $because
where feed = $feed and week >= $week and scored_at is not null and not is_stale;
