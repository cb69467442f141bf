-- core.weeks: later weeks of the other feeds of a format, whose features read what has changed.
--
-- params:  $feed varchar, $format varchar, $week date (the last that cannot have read it),
--          $because varchar
update core.weeks
set is_stale = true, stale_because = $because
where feed <> $feed and format = $format and week > $week and scored_at is not null;
