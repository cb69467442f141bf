-- mart.superseded_scores: a week's scores of other models than the one that scores it now.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date, $model_version varchar (null: no model scores it any more),
--          $superseded_at timestamptz, $because varchar
insert into mart.superseded_scores by name
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
    $superseded_at as superseded_at,
    $because as because
from mart.weekly_scores
where feed = $feed and week = $week and model_version is distinct from $model_version;
