-- core.accepted_weeks.keys: one row per (feed, week) that was accepted twice.
--
-- holds:   one acceptance per (feed, week)
-- remedy:  restore the private file from a backup
-- reads:   core.accepted_weeks
select
    feed,
    week,
    count(*) as rows_count
from core.accepted_weeks
group by feed, week
having count(*) > 1
order by feed, week
