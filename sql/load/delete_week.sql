-- core.weeks: the row of one week, before it is written anew.
--
-- params:  $feed varchar, $week date
delete from core.weeks
where feed = $feed and week = $week;
