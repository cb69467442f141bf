-- raw.exports.keys: one row per SHA-256 that stands twice.
--
-- holds:   one row per export
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   raw.exports
select
    sha256,
    count(*) as rows_count
from raw.exports
group by sha256
having count(*) > 1
order by sha256
