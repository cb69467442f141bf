-- ml.labels known by $week: one row per (week, track_id).
--
-- reads:   ml.labels
-- params:  $feed varchar, $week date, $label varchar
select
    feed,
    week,
    track_id,
    label,
    is_high,
    outcome_percentile,
    margin,
    matured_week
from ml.labels
where feed = $feed and label = $label and matured_week <= $week
order by week, track_id;
