-- core.column_profiles: those of a week, before they are written anew.
--
-- params:  $feed varchar, $week date
delete from core.column_profiles
where feed = $feed and week = $week;
