-- raw.exports.loaded: one row per export whose counts differ from its rows.
--
-- holds:   as many rows in core.track_weeks as loaded, damaged and falling cells as counted
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   raw.exports, core.track_weeks, core.falling_counters
-- params:  $feed varchar, $week date (null = every one)
-- units:   counts are rows, falling_count cells; only an export that counts has any
with present as (
    select
        sha256,
        count(*) as rows_count,
        count(flags) as damaged_count
    from core.track_weeks
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
    group by sha256
),

fallen as (
    select
        listed.sha256,
        count(*) as falling_count
    from core.falling_counters as cells
    inner join core.track_weeks as listed
        on
            cells.feed = listed.feed
            and cells.week = listed.week
            and cells.track_id = listed.track_id
    where
        ($feed is null or cells.feed = $feed)
        and ($week is null or cells.week = $week)
    group by listed.sha256
)

select
    exports.feed,
    exports.week,
    exports.file_name,
    exports.loaded,
    exports.damaged_text_count,
    exports.falling_counter_count,
    coalesce(present.rows_count, 0) as rows_count,
    coalesce(present.damaged_count, 0) as damaged_count,
    coalesce(fallen.falling_count, 0) as falling_count
from raw.exports as exports
left join present on exports.sha256 = present.sha256
left join fallen on exports.sha256 = fallen.sha256
where
    exports.status = 'loaded'
    and ($feed is null or exports.feed = $feed)
    and ($week is null or exports.week = $week)
    and (
        exports.loaded <> coalesce(present.rows_count, 0)
        or exports.damaged_text_count <> coalesce(present.damaged_count, 0)
        or exports.falling_counter_count <> coalesce(fallen.falling_count, 0)
    )
order by exports.feed, exports.week, exports.file_name
