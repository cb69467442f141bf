-- raw.exports.counts: one row per export whose counts do not add up.
--
-- holds:   loaded + duplicate + quarantined = rows_read, none negative
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   raw.exports
-- params:  $feed varchar, $week date (null = every one)
-- units:   counts are rows of the file
select
    feed,
    week,
    file_name,
    rows_read,
    loaded,
    duplicate,
    quarantined
from raw.exports
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
    and (
        loaded + duplicate + quarantined <> rows_read
        or least(loaded, duplicate, quarantined) < 0
    )
order by feed, week, file_name
