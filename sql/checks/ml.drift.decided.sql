-- ml.drift.decided: one row per (feed, week) that was judged and about which nothing was decided.
--
-- holds:   a decision about each week that has verdicts
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   ml.drift, ml.drift_weeks
-- params:  $feed varchar, $week date (null = every one)
select
    judged.feed,
    judged.week,
    count(*) as verdicts_count
from ml.drift as judged
anti join ml.drift_weeks as decided
    on judged.feed = decided.feed and judged.week = decided.week
where
    ($feed is null or judged.feed = $feed)
    and ($week is null or judged.week = $week)
group by judged.feed, judged.week
order by judged.feed, judged.week
