-- mart.artist_weeks: one row per (artist_name, week, platform, part, metric), whole weeks alone.
--
-- reads:   core.platform_values, core.own_artists
-- units:   as in mart.platform_weeks
with days as (
    select
        subject_id,
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
    artists.artist_name,
    days.week,
    days.platform,
    days.part,
    days.metric,
    days.value,
    days.unit,
    days.combined,
    days.days_count,
    days.format
from days
inner join core.own_artists as artists on days.subject_id = artists.artist_key
where days.days_count = 7
qualify
    row_number() over (
        partition by days.subject_id, days.week, days.platform, days.part, days.metric
        order by days.format asc
    ) = 1
order by artists.artist_name, days.week, days.platform, days.part, days.metric
