-- ml.hand_decisions: one row per decision by hand about who scores a feed, in the order taken.
--
-- units:   decided_at is null for what was decided before it was kept
select
    feed,
    from_week,
    version,
    replaces,
    because,
    decided_at
from ml.hand_decisions
order by decided_at nulls first, feed, from_week, version
