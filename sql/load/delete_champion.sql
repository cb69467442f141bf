-- ml.champions: the decision of a week, before it is taken anew.
--
-- params:  $feed varchar, $week date, $decided_by varchar (gate or hand; the other's stays)
delete from ml.champions
where feed = $feed and from_week = $week and decided_by = $decided_by;
