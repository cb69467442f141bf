-- one row per feed with weeks that are quarantined and hold no rows, oldest first.
--
-- reads:   ml.drift_weeks, core.weeks
select
    decided.feed,
    list(cast(decided.week as varchar) order by decided.week) as weeks
from ml.drift_weeks as decided
anti join core.weeks as loaded on decided.feed = loaded.feed and decided.week = loaded.week
where decided.decision = 'quarantine'
group by decided.feed
order by decided.feed
