-- sister_tracks: one row per track that sister feeds listed in the weeks before one week.
--
-- reads:   core.track_weeks
-- params:  $feeds varchar[], $weeks date[], $weeks_ago integer[] (one place a sister week),
--          $leading_feed varchar (null: none), $near, $short, $long integer (weeks ago)
-- splice:  metric_columns, the quoted name of the format's size metric, with its table
-- units:   percentiles, 1 = largest, 0 = not listed; decimals add up to the same in any order
-- order:   none; it is joined by track_id
with given as (
    select
        unnest(cast($feeds as varchar[])) as feed,
        unnest(cast($weeks as date[])) as week,
        unnest(cast($weeks_ago as integer[])) as weeks_ago
),

-- How a week's percentile enters the changes: as it is, taken off, or not at all.
sister_weeks as (
    select
        feed,
        week,
        weeks_ago = $near as is_near,
        feed = $leading_feed as is_leading,
        case
            when not bool_or(weeks_ago = $near) over (partition by feed) then 0
            when not bool_or(weeks_ago = $short) over (partition by feed) then 0
            else cast(weeks_ago = $near as integer) - cast(weeks_ago = $short as integer)
        end as sign_short,
        case
            when not bool_or(weeks_ago = $near) over (partition by feed) then 0
            when not bool_or(weeks_ago = $long) over (partition by feed) then 0
            else cast(weeks_ago = $near as integer) - cast(weeks_ago = $long as integer)
        end as sign_long
    from given
),

listed as (
    select
        tw.feed,
        tw.week,
        tw.track_id,
        $metric_columns as size  -- noqa: RF02
    from core.track_weeks as tw
    inner join given on tw.feed = given.feed and tw.week = given.week
),

ranked as (
    select
        feed,
        week,
        track_id,
        count(*) over (partition by feed, week) as tracks_count,
        row_number() over (
            partition by feed, week
            order by if(isfinite(cast(size as double)), size, null) desc nulls last, track_id
        ) as rank
    from listed
),

placed as (
    select
        ranked.track_id,
        sw.is_near,
        sw.is_leading,
        sw.sign_short,
        sw.sign_long,
        cast((ranked.tracks_count - ranked.rank + 1) / ranked.tracks_count as decimal(18, 12))
            as percentile
    from ranked
    inner join sister_weeks as sw on ranked.feed = sw.feed and ranked.week = sw.week
)

select
    track_id,
    cast(count(*) filter (where is_near) as double) as other_feeds__count,
    cast(max(percentile) filter (where is_near) as double) as other_feeds__best,
    cast(sum(sign_short * percentile) as double) as other_feeds__change_1w,
    cast(sum(sign_long * percentile) as double) as other_feeds__change_4w,
    cast(max(percentile) filter (where is_near and is_leading) as double) as leading_feed__level,
    cast(sum(sign_short * percentile) filter (where is_leading) as double)
        as leading_feed__change_1w,
    cast(sum(sign_long * percentile) filter (where is_leading) as double)
        as leading_feed__change_4w
from placed
group by track_id
