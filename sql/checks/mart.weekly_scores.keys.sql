-- mart.weekly_scores.keys: one row per key that stands twice.
--
-- holds:   one row per (feed, week, track_id)
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date (null = every one)
select
    feed,
    week,
    track_id,
    count(*) as rows_count
from mart.weekly_scores
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
group by feed, week, track_id
having count(*) > 1
order by feed, week, track_id
