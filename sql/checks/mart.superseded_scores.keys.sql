-- mart.superseded_scores.keys: one row per key that stands twice.
--
-- holds:   one row per (feed, week, track_id, model_version, run_id)
-- remedy:  restore the private file from a backup
-- reads:   mart.superseded_scores
-- params:  $feed varchar, $week date (null = every one)
select
    feed,
    week,
    track_id,
    model_version,
    run_id,
    count(*) as rows_count
from mart.superseded_scores
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
group by feed, week, track_id, model_version, run_id
having count(*) > 1
order by feed, week, track_id
