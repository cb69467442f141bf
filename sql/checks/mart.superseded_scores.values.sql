-- mart.superseded_scores.values: one row per earlier score out of its range.
--
-- holds:   score in [0, 1], potential high exactly from score 0.5 on, replaced after it was scored
-- remedy:  restore the private file from a backup
-- reads:   mart.superseded_scores
-- params:  $feed varchar, $week date (null = every one)
-- units:   score is a calibrated probability
select
    feed,
    week,
    track_id,
    model_version,
    score,
    potential,
    rank
from mart.superseded_scores
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
    and (
        not score between 0 and 1
        or rank < 1
        or superseded_at < scored_at
        or potential <> case when score >= 0.5 then 'high' else 'low' end
    )
order by feed, week, track_id
