-- placed: one row per track of one week: its size and rank there, and in a later week.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date (the labelled one), $later_week date
-- splice:  size_metric, the quoted name of the metric that ranks tracks, the largest first
-- units:   outcome_percentile is that of the later rank, 0 for a track that is absent then, and
--          size_percentile that of the rank in $week, both in [0, 1]; lowest_later_size is that of
--          any track of the later week, new ones included, above 0
-- order:   none; whoever labels sorts by track once
with sizes as (
    select
        tw.week,
        tw.track_id,
        tw.release_date,
        -- By the metric itself: beyond 2^53 different counts are one double.
        case when isfinite(cast($size_metric as double)) then $size_metric end as size
    from core.track_weeks as tw
    where tw.feed = $feed and tw.week in ($week, $later_week)
),

counts as (
    select
        cast(
            min(size) filter (where week = $later_week and size > 0) as double
        ) as lowest_later_size,
        count(*) filter (where week = $week) as tracks_count,
        count(*) filter (where week = $later_week) as later_count
    from sizes
),

-- A window without an order numbers the rows as they come, which DuckDB keeps, in little memory.
ordered as (
    select
        by_size.*,  -- noqa: AM04
        row_number() over () as place
    from (
        select * from sizes  -- noqa: AM04
        order by week asc, size desc nulls last, track_id asc
    ) as by_size
)

select
    present.track_id,
    present.release_date,
    present.place as rank,
    counts.tracks_count,
    counts.later_count,
    counts.lowest_later_size,
    cast(present.size as double) as size,
    cast(later.size as double) as later_size,
    later.place - counts.tracks_count as later_rank,
    cast(counts.tracks_count + 1 - present.place as double)
    / counts.tracks_count as size_percentile,
    coalesce(
        cast(counts.later_count + 1 - (later.place - counts.tracks_count) as double)
        / counts.later_count,
        0
    ) as outcome_percentile
from ordered as present
cross join counts
left join ordered as later
    on present.track_id = later.track_id and later.week = $later_week
where present.week = $week and counts.later_count > 0
