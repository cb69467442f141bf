-- mart.current_scores: one row per (feed, track_id), the scores of each feed's newest scored week.
--
-- reads:   mart.weekly_scores, mart.weeks
-- units:   score is a calibrated probability in [0, 1]; contributions are log-odds
with newest as (
    select
        feed,
        max(week) as newest_week
    from mart.weeks
    where is_scored
    group by feed
)

select
    scores.feed,
    scores.week,
    scores.track_id,
    scores.title,
    scores.artist_name,
    scores.score,
    scores.outcome_low,
    scores.outcome_high,
    scores.potential,
    scores.is_provisional,
    scores.rank,
    scores.percentile,
    scores.reason_1,
    scores.reason_1_contribution,
    scores.reason_2,
    scores.reason_2_contribution,
    scores.reason_3,
    scores.reason_3_contribution,
    scores.model_version,
    scores.run_id,
    scores.scored_at,
    scores.reason_1_text,
    scores.reason_2_text,
    scores.reason_3_text,
    scores.model_warning
from mart.weekly_scores as scores
inner join newest on scores.feed = newest.feed and scores.week = newest.newest_week
order by scores.feed, scores.rank
