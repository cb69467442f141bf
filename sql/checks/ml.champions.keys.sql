-- ml.champions.keys: one row per (feed, from_week) that stands twice.
--
-- holds:   one champion per (feed, from_week)
-- remedy:  restore the private file from a backup
-- reads:   ml.champions
select
    feed,
    from_week,
    count(*) as rows_count
from ml.champions
group by feed, from_week
having count(*) > 1
order by feed, from_week
