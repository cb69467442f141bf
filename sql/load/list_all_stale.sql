-- one row per stale week.
--
-- reads:   core.weeks
select
    feed,
    week
from core.weeks
where is_stale
order by feed, week;
