-- mart.weekly_scores: one week's rows, before they are written anew.
--
-- params:  $feed varchar, $week date
delete from mart.weekly_scores
where feed = $feed and week = $week;
