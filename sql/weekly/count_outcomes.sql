-- one row per (step): how often tracks of a score were high in the end, and fell in their interval.
--
-- reads:   mart.weekly_scores, ml.models, ml.labels
-- params:  $feed varchar, $from_week date, $week date (whose outcomes were known by then)
-- units:   step counts fifths of the score from 0; its lower end, step / 5, belongs to it
with judged as (
    select
        scores.score,
        labels.is_high,
        labels.outcome_percentile between scores.outcome_low and scores.outcome_high as is_inside,
        least(cast(floor(scores.score * 5) as integer), 4) as step
    from mart.weekly_scores as scores
    inner join ml.models as models
        on scores.feed = models.feed and scores.model_version = models.version
    inner join ml.labels as labels
        on
            scores.feed = labels.feed
            and scores.week = labels.week
            and scores.track_id = labels.track_id
            and models.label = labels.label
    where
        scores.feed = $feed
        and labels.feed = $feed
        and scores.week >= $from_week
        and labels.week >= $from_week
        and labels.matured_week <= $week
)

select
    step,
    count(*) as tracks_count,
    count(*) filter (where is_high) as high_count,
    count(*) filter (where is_inside) as inside_count,
    cast(sum(cast(score as decimal(18, 12))) as double) / count(*) as score_mean
from judged
group by step
order by step
