-- core.falling_counters: one week's rows, before they are found anew.
--
-- params:  $feed varchar, $week date
delete from core.falling_counters
where feed = $feed and week = $week;
