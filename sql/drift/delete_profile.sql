-- core.week_profiles: a week's profile, before it is written anew.
--
-- params:  $feed varchar, $week date
delete from core.week_profiles
where feed = $feed and week = $week;
