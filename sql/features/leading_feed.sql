-- leading_feed: one row, the feed whose given week has the largest total; of equals the first.
--
-- reads:   core.track_weeks
-- params:  $feeds varchar[], $weeks date[] (one place a feed and its week)
-- splice:  metric_columns, the quoted name of the format's size metric, with its table
-- units:   as exported; the total is added up in order, so that its bits follow from the rows
with given as (
    select
        unnest(cast($feeds as varchar[])) as feed,
        unnest(cast($weeks as date[])) as week
),

sizes as (
    select
        tw.feed,
        $metric_columns as size  -- noqa: RF02
    from core.track_weeks as tw
    inner join given on tw.feed = given.feed and tw.week = given.week
)

select feed
from sizes
group by feed
order by sum(size order by size) filter (where isfinite(cast(size as double))) desc nulls last, feed
limit 1
