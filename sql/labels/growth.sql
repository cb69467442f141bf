-- growth: one row per track of one week: did its share of the feed grow more than in its cohort?
--
-- reads:   placed (spliced, a statement in parentheses)
-- params:  those of placed, $age_steps_days bigint[], $size_groups bigint,
--          $min_cohort_rows bigint, $absent_penalty double (log share of an absent track below
--          the lowest)
-- units:   percentiles as in placed; margin is the mid-rank of the change in its cohort less the
--          cohort's share of low tracks, positive where high
-- order:   by track; none for a track whose size is unknown or 0 in $week
with changes as (
    select
        placed.track_id,
        placed.outcome_percentile,
        placed.size_percentile,
        -- A log share is the log of the size less that of the week's total. Totals are the same
        -- for all tracks, so they drop out of every comparison, and nobody adds them up. Twelve
        -- decimals: changes that are equal on paper shall tie, whatever their last bit says.
        round(
            coalesce(
                case when placed.later_size > 0 then ln(placed.later_size) end,
                ln(placed.lowest_later_size) - $absent_penalty
            ) - ln(placed.size),
            12
        ) as change,
        (placed.rank - 1) * $size_groups // placed.tracks_count as size_group,
        -- How many age steps the track has passed; -1 where it has no release date yet.
        case
            when placed.release_date <= $week
                then
                    len(
                        list_filter(
                            $age_steps_days,
                            lambda d: $week - placed.release_date >= d  -- noqa: RF02, RF03
                        )
                    )
            else -1
        end as age_group
    from $placed as placed
    where placed.size > 0 and placed.lowest_later_size is not null
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
