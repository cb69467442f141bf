-- one row per week of a feed that was run, oldest first.
--
-- reads:   core.weeks
-- params:  $feed varchar
select week
from core.weeks
where feed = $feed and scored_at is not null
order by week;
