-- mart.platform_weeks: one row per (own_track_id, week, platform, part, metric), whole weeks alone.
--
-- reads:   core.platform_values, core.own_tracks
-- units:   value is of the unit beside it; combined says how days became a week ('sum', 'last',
--          'mean'); days_count is 7. Where days and a platform's own week say the same, days count.
with days as (
    select
        platform,
        format,
        subject_id,
        week,
        part,
        metric,
        unit,
        combined,
        case combined
            when 'sum' then sum(value)
            when 'mean' then avg(value)
            else arg_max(value, period_end)
        end as value,
        max(period_end) as period_end,
        count(distinct period_end) as days_count
    from core.platform_values
    where subject = 'track' and grain = 'day' and sums_to = 'week'
    group by platform, format, subject_id, week, part, metric, unit, combined
),

weeks as (
    select
        platform,
        format,
        subject_id,
        week,
        part,
        metric,
        unit,
        combined,
        value,
        period_end,
        7 as days_count
    from core.platform_values
    where subject = 'track' and grain = 'week'
),

both_grains as (
    select
        1 as place,
        *
    from days
    where days_count = 7
    union all by name
    select
        2 as place,
        *
    from weeks
)

select
    found.subject_id as own_track_id,
    found.week,
    found.platform,
    found.part,
    found.metric,
    tracks.isrc,
    tracks.artist as artist_name,
    tracks.title,
    tracks.is_own,
    found.value,
    found.unit,
    found.combined,
    found.days_count,
    found.period_end,
    found.format
from both_grains as found
inner join core.own_tracks as tracks on found.subject_id = tracks.own_track_id
qualify
    row_number() over (
        partition by found.subject_id, found.week, found.platform, found.part, found.metric
        order by found.place asc, found.period_end desc, found.format asc
    ) = 1
order by own_track_id, found.week, found.platform, found.part, found.metric
