-- mart.superseded_scores: one row per published score that another model's has replaced.
--
-- params:  $feed varchar, $week date (the day that ends the week)
-- units:   score is a calibrated probability in [0, 1]
select
    feed,
    week,
    track_id,
    score,
    potential,
    rank,
    model_version,
    run_id,
    scored_at,
    superseded_at,
    because
from mart.superseded_scores
where feed = $feed and week = $week
order by superseded_at, model_version, rank
