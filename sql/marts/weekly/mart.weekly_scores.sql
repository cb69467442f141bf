-- mart.weekly_scores: one row per (feed, week, track_id), the published score.
--
-- params:  $feed varchar, $week date (the day that ends the week)
-- units:   score is a calibrated probability, outcome_* and percentile are shares of the week,
--          all in [0, 1]; contributions are log-odds
-- order:   as written, which is by rank; sorting a million rows would cost more than copying them
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
    run_id,
    scored_at,
    reason_1_text,
    reason_2_text,
    reason_3_text,
    model_warning
from mart.weekly_scores
where feed = $feed and week = $week
