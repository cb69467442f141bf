-- one row per track of a scored week, the first $most by rank, beside the scored week before.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date, $previous_week date (null = there is none), $most bigint
-- units:   scores are probabilities; previous_score is null for a track that was not scored then
with present as (
    select
        track_id,
        rank,
        title,
        artist_name,
        score,
        outcome_low,
        outcome_high,
        potential,
        coalesce(reason_1_text, reason_1) as reason_1,
        coalesce(reason_2_text, reason_2) as reason_2,
        coalesce(reason_3_text, reason_3) as reason_3
    from mart.weekly_scores
    where feed = $feed and week = $week and rank <= $most
),

previous as (
    select
        track_id,
        rank,
        score
    from mart.weekly_scores
    where feed = $feed and week = $previous_week
)

select
    present.track_id,
    present.rank,
    present.title,
    present.artist_name,
    present.score,
    present.outcome_low,
    present.outcome_high,
    present.potential,
    present.reason_1,
    present.reason_2,
    present.reason_3,
    previous.rank as previous_rank,
    previous.score as previous_score
from present
left join previous on present.track_id = previous.track_id
order by present.rank
