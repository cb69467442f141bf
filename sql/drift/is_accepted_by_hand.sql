-- one row where somebody accepted files of the week, with their SHA-256.
--
-- reads:   core.accepted_weeks
-- params:  $feed varchar, $week date
select sha256s
from core.accepted_weeks
where feed = $feed and week = $week;
