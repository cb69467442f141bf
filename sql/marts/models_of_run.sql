-- one row per model version that a run trained in a week, and what was decided about it.
--
-- reads:   ml.models
-- params:  $feed varchar, $week date, $run_id varchar
select
    feed,
    trained_week,
    version,
    kind,
    label,
    trained_because,
    decision
from ml.models
where feed = $feed and trained_week = $week and run_id = $run_id
order by trained_week, feed, version;
