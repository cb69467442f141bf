-- mart.weekly_scores.interval: one row per impossible interval.
--
-- holds:   0 <= outcome_low <= outcome_high <= 1, or neither end
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date (null = every one)
-- units:   both are percentiles as shares of the week
select
    feed,
    week,
    track_id,
    outcome_low,
    outcome_high
from mart.weekly_scores
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
    and (
        (outcome_low is null) <> (outcome_high is null)
        or not coalesce(
            outcome_low >= 0 and outcome_low <= outcome_high and outcome_high <= 1, true
        )
    )
order by feed, week, track_id
