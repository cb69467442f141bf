-- raw.exports: one row per export, identified by its content.
--
-- units:   size_bytes is a file's length in bytes; loaded, duplicate and quarantined add up to
--          rows_read
select
    sha256,
    feed,
    week,
    region,
    format,
    layout,
    file_name,
    size_bytes,
    encoding,
    rows_read,
    loaded,
    duplicate,
    quarantined,
    status,
    reason,
    arrival,
    replaces_sha256,
    changed_text_count,
    changed_metric_count,
    damaged_text_count,
    falling_counter_count,
    arrival_number,
    run_id,
    loaded_at,
    cause
from raw.exports
order by sha256
