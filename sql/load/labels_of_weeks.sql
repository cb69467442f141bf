-- ml.labels known by $week: one row per (week, track_id).
--
-- reads:   ml.labels
-- params:  $feed varchar, $week date, $label varchar,
--          $below varchar (of the tracks, those whose hash begins with less; null: all)
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
where
    feed = $feed and label = $label and matured_week <= $week
    and ($below is null or substr(md5(track_id), 1, 6) < $below)
order by week, track_id;
