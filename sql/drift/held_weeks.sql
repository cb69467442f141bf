-- one row per feed of which weeks are quarantined and hold no rows: since when, how many.
--
-- reads:   ml.drift_weeks, mart.weeks
select
    decided.feed,
    min(decided.week) as since_week,
    count(*) as weeks_count
from ml.drift_weeks as decided
anti join mart.weeks as loaded on decided.feed = loaded.feed and decided.week = loaded.week
where decided.decision = 'quarantine'
group by decided.feed
order by decided.feed;
