-- ml.champions.keys: one row per (feed, from_week, decided_by) that stands twice.
--
-- holds:   one champion per (feed, from_week) of the gate, and one by hand
-- remedy:  restore the private file from a backup
-- reads:   ml.champions
select
    feed,
    from_week,
    decided_by,
    count(*) as rows_count
from ml.champions
group by feed, from_week, decided_by
having count(*) > 1
order by feed, from_week, decided_by
