-- ml.labels of some weeks: one row per (week, track_id).
--
-- reads:   ml.labels
-- params:  $feed varchar, $label varchar, $weeks date[],
--          $below varchar (of the tracks, those whose hash begins with less; null: all)
select
    feed,
    week,
    track_id,
    is_high,
    outcome_percentile
from ml.labels
where
    feed = $feed
    and label = $label
    and list_contains($weeks, week)
    and ($below is null or substr(md5(track_id), 1, 6) < $below)
order by week, track_id;
