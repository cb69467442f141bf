-- mart.publication_weeks: one week's mark in one table, before it is marked anew.
--
-- params:  $table_name varchar, $feed varchar, $week date
delete from mart.publication_weeks
where table_name = $table_name and feed = $feed and week = $week;
