-- core.track_weeks: the rows of one export leave the week.
--
-- params:  $feed varchar, $week date, $sha256 varchar
delete from core.track_weeks
where feed = $feed and week = $week and sha256 = $sha256;
