-- ml.champions.decided: one row per decision that nobody took.
--
-- holds:   each decision taken by the gate or by hand, with a reason
-- remedy:  restore the private file from a backup
-- reads:   ml.champions
select
    feed,
    from_week,
    decided_by,
    because
from ml.champions
where decided_by is null or decided_by not in ('gate', 'hand') or trim(because) = ''
order by feed, from_week
