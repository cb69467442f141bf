-- one row at most: the format that a loaded week came in.
--
-- reads:   core.weeks
-- params:  $feed varchar, $week date
select format
from core.weeks
where feed = $feed and week = $week;
