-- core.score_profiles: those of a week, before they are written anew.
--
-- params:  $feed varchar, $week date
delete from core.score_profiles
where feed = $feed and week = $week;
