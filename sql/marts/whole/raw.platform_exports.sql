-- raw.platform_exports: one row per export of a platform, identified by its content.
--
-- units:   as in raw.exports; first_day and last_day are those that its loaded rows are about
select
    sha256,
    file_name,
    format,
    layout,
    platform,
    is_public,
    title,
    artist,
    size_bytes,
    encoding,
    rows_read,
    loaded,
    duplicate,
    quarantined,
    first_day,
    last_day,
    status,
    reason,
    arrival_number,
    run_id,
    loaded_at
from raw.platform_exports
order by sha256
