-- one row per platform's export that came, whatever became of it.
--
-- reads:   raw.platform_exports
select
    sha256,
    status
from raw.platform_exports
order by sha256
