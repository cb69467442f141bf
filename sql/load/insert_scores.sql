-- mart.weekly_scores: one row per (feed, week, track_id), the published score, in order of rank.
--
-- reads:   scored_tracks (a registered frame or stream, read once), in order of rank
-- params:  $feed varchar, $week date, $run_id varchar, $scored_at timestamptz,
--          $is_provisional boolean, $model_version varchar, $model_warning varchar,
--          $high_from double (score from which on potential is high),
--          $tracks_count bigint (rows of scored_tracks)
-- units:   score is a calibrated probability in [0, 1]; contributions are in log-odds; rank is 1
--          for the highest score, ties in the order of track_id; percentile is the share of the
--          week's tracks that rank no higher, in (0, 1]
insert into mart.weekly_scores by name
select
    $feed as feed,
    $week as week,
    track_id,
    title,
    artist_name,
    score,
    outcome_low,
    outcome_high,
    if(score >= $high_from, 'high', 'low') as potential,
    $is_provisional as is_provisional,
    rank,
    cast($tracks_count + 1 - rank as double) / $tracks_count as percentile,
    reason_1,
    reason_1_contribution,
    reason_2,
    reason_2_contribution,
    reason_3,
    reason_3_contribution,
    $model_version as model_version,
    $run_id as run_id,
    $scored_at as scored_at,
    reason_1_text,
    reason_2_text,
    reason_3_text,
    $model_warning as model_warning
from scored_tracks;
