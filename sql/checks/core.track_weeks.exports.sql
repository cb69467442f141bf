-- core.track_weeks.exports: one row per export that is named but not loaded.
--
-- holds:   each row from a loaded export of its own feed and week
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   core.track_weeks, raw.exports
-- params:  $feed varchar, $week date (null = every one)
with named as (
    select distinct
        feed,
        week,
        sha256
    from core.track_weeks
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
)

select
    named.feed,
    named.week,
    named.sha256
from named
anti join raw.exports as exports
    on
        named.sha256 = exports.sha256
        and named.feed = exports.feed
        and named.week = exports.week
        and exports.status = 'loaded'
order by named.feed, named.week, named.sha256
