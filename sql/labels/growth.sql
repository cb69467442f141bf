-- growth: one row per track of one week: did its share of the feed grow more than in its cohort?
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date (the labelled one), $later_week date,
--          $age_steps_days bigint[], $size_groups bigint, $min_cohort_rows bigint,
--          $absent_penalty double (log share of an absent track below the lowest)
-- splice:  size_metric, the quoted name of the metric that ranks tracks, the largest first
-- units:   percentiles as in level; margin is the mid-rank of the change in its cohort less the
--          cohort's share of low tracks, positive where high
-- order:   by track; none for a track whose size is unknown or 0 in $week
with sizes as (
    select
        tw.week,
        tw.track_id,
        tw.release_date,
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
        ordered.release_date,
        cast(ordered.size as double) as size,
        row_number() over () as rank
    from (
        select
            track_id,
            release_date,
            size
        from sizes
        where week = $week
        order by size desc nulls last, track_id asc
    ) as ordered
),

later_ranked as (
    select
        ordered.track_id,
        cast(ordered.size as double) as size,
        row_number() over () as rank
    from (
        select
            track_id,
            size
        from sizes
        where week = $later_week
        order by size desc nulls last, track_id asc
    ) as ordered
),

-- A log share is the log of the size less that of the week's total. Totals are the same for all
-- tracks, so they drop out of every comparison of changes, and nobody adds them up.
later as (
    select
        track_id,
        rank,
        case when size > 0 then ln(size) end as log_size
    from later_ranked
),

lowest as (
    select min(log_size) - $absent_penalty as log_size from later
),

placed as (
    select
        ranked.track_id,
        -- Twelve decimals: changes that are equal on paper shall tie, whatever their last bit says.
        round(coalesce(later.log_size, lowest.log_size) - ln(ranked.size), 12) as change,
        (ranked.rank - 1) * $size_groups // counts.tracks_count as size_group,
        -- How many age steps the track has passed; -1 where it has no release date yet.
        case
            when ranked.release_date <= $week
                then
                    len(
                        list_filter(
                            $age_steps_days,
                            lambda d: $week - ranked.release_date >= d  -- noqa: RF02
                        )
                    )
            else -1
        end as age_group,
        coalesce(
            cast(counts.later_count + 1 - later.rank as double) / counts.later_count, 0
        ) as outcome_percentile,
        cast(counts.tracks_count + 1 - ranked.rank as double)
        / counts.tracks_count as size_percentile
    from ranked
    cross join counts
    cross join lowest
    left join later on ranked.track_id = later.track_id
    where ranked.size > 0
),

changes as (
    select * from placed  -- noqa: AM04
    where change is not null
),

size_cohorts as (
    select
        size_group,
        median(change) as median_change
    from changes
    group by size_group
),

-- A size group is divided by age where enough rows remain.
age_cohorts as (
    select
        size_group,
        age_group,
        median(change) as median_change
    from changes
    group by size_group, age_group
    having count(*) >= $min_cohort_rows
),

cut as (
    select
        changes.track_id,
        changes.change,
        changes.outcome_percentile,
        changes.size_percentile,
        changes.size_group,
        -- -2 for what is left of a size group.
        coalesce(age_cohorts.age_group, -2) as age_group,
        changes.change > coalesce(age_cohorts.median_change, size_cohorts.median_change) as is_high
    from changes
    inner join size_cohorts on changes.size_group = size_cohorts.size_group
    left join age_cohorts
        on
            changes.size_group = age_cohorts.size_group
            and changes.age_group = age_cohorts.age_group
),

cohorts as (
    select
        size_group,
        age_group,
        count(*) as rows_count,
        count(*) filter (where not is_high) as low_count
    from cut
    group by size_group, age_group
),

within as (
    select
        *,  -- noqa: AM04
        rank() over by_change as first_rank,
        count(*) over by_change as last_rank
    from cut
    window by_change as (partition by size_group, age_group order by change)
)

select
    within.track_id,
    within.is_high,
    within.outcome_percentile,
    within.size_percentile,
    $feed as feed,
    cast($week as date) as week,
    cast($later_week as date) as matured_week,
    'growth' as label,
    (cast(within.first_rank + within.last_rank as double) / 2 - cast(0.5 as double))
    / cohorts.rows_count
    - cast(cohorts.low_count as double) / cohorts.rows_count as margin
from within
inner join cohorts
    on within.size_group = cohorts.size_group and within.age_group = cohorts.age_group
order by within.track_id
