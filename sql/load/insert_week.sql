-- core.weeks: one row per (feed, week) that holds accepted rows.
--
-- reads:   core.track_weeks, raw.exports
-- params:  $feed varchar, $week date, $format varchar, $loaded_at timestamptz
insert into core.weeks by name
with rows_of_week as (
    select count(*) as rows_count
    from core.track_weeks
    where feed = $feed and week = $week
),

exports_of_week as (
    select sha256(string_agg(sha256, ',' order by sha256)) as content_sha256
    from raw.exports
    where feed = $feed and week = $week and status = 'loaded'
)

select
    $feed as feed,
    $week as week,
    $format as format,
    rows_of_week.rows_count,
    exports_of_week.content_sha256,
    false as is_stale,
    $loaded_at as loaded_at
from rows_of_week
cross join exports_of_week
where rows_of_week.rows_count > 0;
