-- ml.champions: the decision of a week, before it is taken anew.
--
-- params:  $feed varchar, $week date
delete from ml.champions
where feed = $feed and from_week = $week;
