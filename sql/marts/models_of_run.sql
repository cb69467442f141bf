-- one row per model version that a run trained, and what was decided about it.
--
-- reads:   ml.models
-- params:  $run_id varchar
select
    feed,
    trained_week,
    version,
    kind,
    label,
    trained_because,
    decision
from ml.models
where run_id = $run_id
order by trained_week, feed, version;
