-- one row per scored track whose label matured in a week, of the newest week that did.
--
-- reads:   ml.labels, mart.weekly_scores, ml.models (only models that foresee this very label)
-- params:  $feed varchar, $week date (the week in which labels matured), $label varchar
-- order:   by track, so that sums have the same bits in every run
with newest as (
    select max(week) as week
    from ml.labels
    where feed = $feed and matured_week = $week and label = $label
)

select
    labels.week,
    scores.model_version,
    scores.score,
    labels.is_high,
    coalesce(scores.artist_name, labels.track_id) as artist
from ml.labels as labels
inner join newest on labels.week = newest.week
inner join mart.weekly_scores as scores
    on
        labels.feed = scores.feed
        and labels.week = scores.week
        and labels.track_id = scores.track_id
inner join ml.models as models
    on scores.model_version = models.version and labels.label = models.label
where labels.feed = $feed and labels.label = $label
order by labels.track_id;
