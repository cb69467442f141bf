-- mart.artist_weeks: one row per (artist_name, week, platform, part, metric), whole weeks alone.
--
-- reads:   core.platform_values
-- units:   as in mart.platform_weeks
with days as (
    select
        subject_id as artist_name,
        week,
        platform,
        part,
        metric,
        unit,
        combined,
        format,
        case combined
            when 'sum' then sum(value)
            when 'mean' then avg(value)
            else arg_max(value, period_end)
        end as value,
        count(distinct period_end) as days_count
    from core.platform_values
    where subject = 'artist' and grain = 'day' and sums_to = 'week'
    group by subject_id, week, platform, part, metric, unit, combined, format
)

select
    artist_name,
    week,
    platform,
    part,
    metric,
    value,
    unit,
    combined,
    days_count,
    format
from days
where days_count = 7
qualify
    row_number() over (
        partition by artist_name, week, platform, part, metric
        order by format asc
    ) = 1
order by artist_name, week, platform, part, metric
