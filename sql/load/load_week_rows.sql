-- core.track_weeks: the accepted rows of one week, every column.
--
-- params:  $feed varchar, $week date
select *  -- noqa: AM04
from core.track_weeks
where feed = $feed and week = $week;
