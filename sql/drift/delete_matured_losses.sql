-- core.matured_losses: what a week showed of the weeks before it, before it is written anew.
--
-- params:  $feed varchar, $week date (the week in which the labels matured)
delete from core.matured_losses
where feed = $feed and matured_week = $week;
