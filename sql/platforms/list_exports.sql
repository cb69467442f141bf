-- one row per platform's export, the newest first.
--
-- reads:   raw.platform_exports
select
    file_name,
    format,
    platform,
    title,
    artist,
    rows_read,
    loaded,
    duplicate,
    quarantined,
    first_day,
    last_day,
    status,
    reason,
    sha256,
    loaded_at
from raw.platform_exports
order by arrival_number desc
