-- ml.drift_weeks.decisions: one row per (feed, week) without exactly one known decision.
--
-- holds:   one decision per week: quiet, warn, retrain or quarantine
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   ml.drift_weeks
-- params:  $feed varchar, $week date (null = every one)
select
    feed,
    week,
    min(decision) as decision,
    count(*) as rows_count
from ml.drift_weeks
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
group by feed, week
having
    count(*) > 1
    or bool_or(decision not in ('quiet', 'warn', 'retrain', 'quarantine'))
order by feed, week
