-- core.week_profiles: one row per (feed, week) that was looked at.
--
-- params:  one per column
insert into core.week_profiles by name
select
    $feed as feed,
    $week as week,
    $before_week as before_week,
    $is_accepted as is_accepted,
    $rows_count as rows_count,
    $tracks_count as tracks_count,
    $common_count as common_count,
    $ages::bigint[] as ages;
