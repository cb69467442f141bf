-- ml.labels: the labels that became known with one week.
--
-- params:  $feed varchar, $week date (the later one), $label varchar
select
    feed,
    week,
    track_id,
    label,
    is_high,
    outcome_percentile,
    margin,
    size_percentile,
    matured_week
from ml.labels
where feed = $feed and matured_week = $week and label = $label;
