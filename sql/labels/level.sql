-- level: one row per track of one week: does a later week rank it in its upper half?
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date (the labelled one), $later_week date
-- splice:  size_metric, the quoted name of the metric that ranks tracks, the largest first
-- units:   outcome_percentile is that of the later rank, 0 for a track that is absent then, and
--          size_percentile that of the rank in $week, both in [0, 1]; margin is the later mid-rank
--          less the share of the later week that is low, at least -1, positive where high
-- order:   by track
with sizes as (
    select
        tw.week,
        tw.track_id,
        -- By the metric itself: beyond 2^53 different counts are one double.
        case when isfinite(cast($size_metric as double)) then $size_metric end as size
    from core.track_weeks as tw
    where tw.feed = $feed and tw.week in ($week, $later_week)
),

counts as (
    select
        count(*) filter (where week = $week) as tracks_count,
        count(*) filter (where week = $later_week) as later_count
    from sizes
),

-- Windows without an order number the rows as they come, which DuckDB keeps, in little memory.
ranked as (
    select
        ordered.track_id,
        row_number() over () as rank
    from (
        select track_id from sizes
        where week = $week
        order by size desc nulls last, track_id asc
    ) as ordered
),

later as (
    select
        ordered.track_id,
        row_number() over () as rank
    from (
        select track_id from sizes
        where week = $later_week
        order by size desc nulls last, track_id asc
    ) as ordered
),

placed as (
    select
        ranked.track_id,
        counts.later_count,
        coalesce(later.rank * 2 <= counts.later_count, false) as is_high,
        coalesce(
            cast(counts.later_count + 1 - later.rank as double) / counts.later_count, 0
        ) as outcome_percentile,
        cast(counts.tracks_count + 1 - ranked.rank as double)
        / counts.tracks_count as size_percentile,
        cast(counts.later_count - counts.later_count // 2 as double)
        / counts.later_count as low_share
    from ranked
    cross join counts
    left join later on ranked.track_id = later.track_id
    where counts.later_count > 0
)

select
    track_id,
    is_high,
    outcome_percentile,
    size_percentile,
    $feed as feed,
    cast($week as date) as week,
    cast($later_week as date) as matured_week,
    'level' as label,
    -- Absent tracks lie below all; no share is below -1, where a later week of one track puts them.
    greatest(outcome_percentile - cast(0.5 as double) / later_count - low_share, -1) as margin
from placed
order by track_id
