-- raw.platform_exports.counts: one row per file whose record contradicts itself.
--
-- holds:   each file once, loaded + duplicate + quarantined = rows_read, none negative; known words
-- remedy:  `songpop platforms unload FILE`, then `songpop platforms load` it again
-- reads:   raw.platform_exports
-- units:   counts are rows of the file
select
    file_name,
    sha256,
    rows_read,
    loaded,
    duplicate,
    quarantined,
    status,
    reason
from raw.platform_exports
qualify
    count(*) over (partition by sha256) > 1
    or loaded + duplicate + quarantined <> rows_read
    or least(loaded, duplicate, quarantined) < 0
    or status not in ('loaded', 'refused', 'not loaded', 'unloaded')
    or (status = 'loaded') <> (reason is null)
    or (status in ('refused', 'not loaded') and loaded + duplicate > 0)
order by file_name, sha256
