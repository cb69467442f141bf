-- raw.exports.status: one row per export with an unknown status or a missing reason.
--
-- holds:   status loaded, superseded, unloaded or refused, a refused one with its reason
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   raw.exports
-- params:  $feed varchar, $week date (null = every one)
select
    feed,
    week,
    file_name,
    status,
    reason
from raw.exports
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
    and (
        status not in ('loaded', 'superseded', 'unloaded', 'refused')
        or (status = 'refused' and reason is null)
        or (status = 'refused' and loaded > 0)
    )
order by feed, week, file_name
