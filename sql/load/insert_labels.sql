-- ml.labels: one row per (feed, week, track_id) whose outcome is known.
--
-- reads:   matured_labels (a registered frame)
insert into ml.labels by name
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
from matured_labels
order by track_id;
