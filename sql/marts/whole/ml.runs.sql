-- ml.runs: one row per (run, feed, week).
select
    run_id,
    feed,
    week,
    outcome,
    started_at,
    ended_at
from ml.runs
order by started_at, run_id, feed, week
