-- ml.labels.values: one row per label out of its range.
--
-- holds:   a known label, percentiles in [0, 1], a margin of the label's sign, matured no earlier
--          than its week
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
    outcome_percentile,
    margin,
    size_percentile,
    matured_week
from written
where
    label not in ('level', 'growth', 'snapshot')
    or not coalesce(outcome_percentile between 0 and 1, false)
    or not coalesce(size_percentile > 0 and size_percentile <= 1, true)
    or (margin > 0 and not is_high)
    or (margin < 0 and is_high)
    or matured_week < week
    or (label <> 'snapshot' and matured_week = week)
order by feed, week, track_id, label
