-- ml.runs.keys: one row per run of a week that stands twice or ends before it starts.
--
-- holds:   one row per (run_id, feed, week), ended no earlier than started
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   ml.runs
-- params:  $feed varchar, $week date (null = every one)
select
    run_id,
    feed,
    week,
    count(*) as rows_count
from ml.runs
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
group by run_id, feed, week
having count(*) > 1 or bool_or(ended_at < started_at)
order by run_id, feed, week
