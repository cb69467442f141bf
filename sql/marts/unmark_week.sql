-- mart.publication_weeks: one week's mark, before it is marked anew.
--
-- params:  $feed varchar, $week date
delete from mart.publication_weeks
where feed = $feed and week = $week;
