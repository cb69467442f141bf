-- ml.champions: one row per (feed, from_week, decided_by), the model that scores from that week
-- on; a decision by hand outranks that of the gate for the same week.
select
    feed,
    from_week,
    version,
    because,
    decided_by
from ml.champions
order by feed, from_week, decided_by
