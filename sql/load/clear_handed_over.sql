-- core.weeks: a week that has been scored again by the model whose it is now.
--
-- params:  $feed varchar, $week date, $because varchar (why it was stale; another reason stays)
update core.weeks
set is_stale = false, stale_because = null
where feed = $feed and week = $week and stale_because = $because;
