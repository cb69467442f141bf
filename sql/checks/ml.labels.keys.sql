-- ml.labels.keys: one row per label that stands twice.
--
-- holds:   one row per (feed, week, track_id, label)
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   ml.labels
-- params:  $feed varchar, $week date (null = every one)
with written as (
    -- Two selects: DuckDB passes over the other weeks by one column, not by either of two.
    select *
    from ml.labels
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
    union all
    select *
    from ml.labels
    where
        ($feed is null or feed = $feed)
        and matured_week = $week
        and week <> $week
)

select
    feed,
    week,
    track_id,
    label,
    count(*) as rows_count
from written
group by feed, week, track_id, label
having count(*) > 1
order by feed, week, track_id, label
