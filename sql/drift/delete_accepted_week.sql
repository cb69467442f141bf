-- core.accepted_weeks: an acceptance, before it is recorded anew or taken back.
--
-- params:  $feed varchar, $week date
delete from core.accepted_weeks
where feed = $feed and week = $week;
