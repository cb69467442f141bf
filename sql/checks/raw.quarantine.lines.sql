-- raw.quarantine.lines: one row per export whose quarantine differs from its count.
--
-- holds:   as many distinct lines as quarantined
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   raw.exports, raw.quarantine
-- params:  $feed varchar, $week date (null = every one)
-- units:   a line is a record of the file, counted from its first line
with exports as (
    select
        sha256,
        feed,
        week,
        file_name,
        quarantined
    from raw.exports
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
),

rejected as (
    select
        sha256,
        count(distinct line) as lines_count
    from raw.quarantine
    where $week is null or sha256 in (select exports.sha256 from exports)
    group by sha256
)

select
    exports.feed,
    exports.week,
    exports.file_name,
    exports.quarantined,
    coalesce(rejected.lines_count, 0) as lines_count,
    coalesce(exports.sha256, rejected.sha256) as sha256
from exports
full outer join rejected on exports.sha256 = rejected.sha256
where
    exports.sha256 is null
    or coalesce(rejected.lines_count, 0) <> exports.quarantined
order by exports.feed, exports.week, exports.file_name, sha256
