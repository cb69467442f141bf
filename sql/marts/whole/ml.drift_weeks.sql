-- ml.drift_weeks: one row per (feed, week), what was decided about drift.
select
    feed,
    week,
    decision,
    reasons,
    because,
    run_id
from ml.drift_weeks
order by feed, week
