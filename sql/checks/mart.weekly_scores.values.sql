-- mart.weekly_scores.values: one row per score out of its range.
--
-- holds:   score and percentile in [0, 1], potential high exactly from score 0.5 on
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date (null = every one)
-- units:   score is a calibrated probability, percentile a share of the week
select
    feed,
    week,
    track_id,
    score,
    percentile,
    potential
from mart.weekly_scores
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
    and (
        -- NaN sorts above every number in DuckDB, so `between` refuses it too.
        not score between 0 and 1
        or not percentile between 0 and 1
        or potential <> case when score >= 0.5 then 'high' else 'low' end
    )
order by feed, week, track_id
