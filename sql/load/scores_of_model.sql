-- one row per published score of one model in some weeks.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $version varchar, $weeks date[]
-- units:   score is a calibrated probability in [0, 1]
select
    feed,
    week,
    track_id,
    artist_name,
    score
from mart.weekly_scores
where feed = $feed and model_version = $version and list_contains($weeks, week)
order by week, track_id;
