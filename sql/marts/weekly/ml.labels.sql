-- ml.labels: one row per (feed, week, track_id, label), what became of a track.
--
-- params:  $feed varchar, $week date (the week of the track, not the one its label matured in)
-- units:   percentiles are shares in [0, 1]; margin a share of the rows in [-1, 1]
-- order:   as stored; sorting a million keys would cost more than copying them
select
    feed,
    week,
    track_id,
    label,
    is_high,
    outcome_percentile,
    matured_week,
    margin,
    size_percentile
from ml.labels
where feed = $feed and week = $week
