-- mart.accepted_weeks: one row per (feed, week) that somebody let in, and why.
--
-- reads:   core.accepted_weeks
select
    feed,
    week,
    because,
    accepted_at
from core.accepted_weeks
order by feed, week
