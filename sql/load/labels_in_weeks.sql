-- ml.labels of some weeks: one row per (week, track_id).
--
-- reads:   ml.labels
-- params:  $feed varchar, $label varchar, $weeks date[]
select
    feed,
    week,
    track_id,
    is_high,
    outcome_percentile
from ml.labels
where feed = $feed and label = $label and list_contains($weeks, week)
order by week, track_id;
