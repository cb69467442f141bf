-- one row per platform's export whose rows are loaded.
--
-- reads:   raw.platform_exports
select
    file_name,
    sha256
from raw.platform_exports
where status = 'loaded'
order by arrival_number
