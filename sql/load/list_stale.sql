-- core.weeks: the weeks of a feed that need a backfill, oldest first.
--
-- params:  $feed varchar
select week
from core.weeks
where feed = $feed and is_stale
order by week;
