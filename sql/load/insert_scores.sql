-- mart.weekly_scores: one row per (feed, week, track_id), the published score.
--
-- reads:   ranked_scores (a registered frame)
-- params:  $run_id varchar, $scored_at timestamptz
-- units:   score is a calibrated probability in [0, 1]; contributions are in log-odds
insert into mart.weekly_scores by name
select
    feed,
    week,
    track_id,
    title,
    artist_name,
    score,
    outcome_low,
    outcome_high,
    potential,
    is_provisional,
    rank,
    percentile,
    reason_1,
    reason_1_contribution,
    reason_2,
    reason_2_contribution,
    reason_3,
    reason_3_contribution,
    model_version,
    $run_id as run_id,
    $scored_at as scored_at,
    reason_1_text,
    reason_2_text,
    reason_3_text,
    model_warning
from ranked_scores;
