-- mart.movers: one row per (feed, track_id) of the newest scored week, against the one before.
--
-- reads:   mart.weekly_scores, mart.weeks
-- units:   rank_change in places, positive upwards; score_change in probability; both null for a
--          track that the week before did not score. is_new is null where there is no week before.
--          is_same_model says whether one model scored both weeks, so that scores compare.
with ordered as (
    select
        feed,
        week,
        lag(week) over (partition by feed order by week) as previous_week,
        row_number() over (partition by feed order by week desc) as age_rank
    from mart.weeks
    where is_scored
),

newest as (
    select
        feed,
        week,
        previous_week
    from ordered
    where age_rank = 1
),

present as (
    select
        scores.feed,
        scores.week,
        scores.track_id,
        scores.title,
        scores.artist_name,
        scores.rank,
        scores.score,
        scores.potential,
        scores.model_version,
        scores.model_warning,
        newest.previous_week
    from mart.weekly_scores as scores
    inner join newest on scores.feed = newest.feed and scores.week = newest.week
),

previous as (
    select
        scores.feed,
        scores.track_id,
        scores.rank,
        scores.score,
        scores.potential,
        scores.model_version
    from mart.weekly_scores as scores
    inner join newest on scores.feed = newest.feed and scores.week = newest.previous_week
)

select
    present.feed,
    present.week,
    present.previous_week,
    present.track_id,
    present.title,
    present.artist_name,
    present.rank,
    previous.rank as previous_rank,
    present.score,
    previous.score as previous_score,
    present.potential,
    previous.potential as previous_potential,
    present.model_warning,
    previous.rank - present.rank as rank_change,
    present.score - previous.score as score_change,
    case when present.previous_week is not null then previous.track_id is null end as is_new,
    present.model_version = previous.model_version as is_same_model
from present
left join previous on present.feed = previous.feed and present.track_id = previous.track_id
order by present.feed, present.rank
