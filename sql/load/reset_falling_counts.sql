-- raw.exports: the counts of one week, before they are found anew.
--
-- params:  $feed varchar, $week date
update raw.exports set falling_counter_count = 0
where feed = $feed and week = $week and falling_counter_count > 0;
