-- raw.platform_quarantine.lines: one row per file whose quarantine differs from its count.
--
-- holds:   as many distinct lines as quarantined
-- remedy:  `songpop platforms unload FILE`, then `songpop platforms load` it again
-- reads:   raw.platform_exports, raw.platform_quarantine
-- units:   a line is a record of the file, counted from its first line
with rejected as (
    select
        sha256,
        count(distinct line) as lines_count
    from raw.platform_quarantine
    group by sha256
)

select
    exports.file_name,
    exports.quarantined,
    coalesce(rejected.lines_count, 0) as lines_count,
    coalesce(exports.sha256, rejected.sha256) as sha256
from raw.platform_exports as exports
full outer join rejected on exports.sha256 = rejected.sha256
where
    exports.sha256 is null
    or coalesce(rejected.lines_count, 0) <> exports.quarantined
order by exports.file_name, sha256
