-- one row if somebody decided by hand which model scores a feed from exactly this week on.
--
-- reads:   ml.champions
-- params:  $feed varchar, $week date
select version
from ml.champions
where feed = $feed and from_week = $week and decided_by = 'hand';
