-- one row per export that the warehouse knows, whatever became of it.
--
-- reads:   raw.exports
select
    sha256,
    feed,
    region,
    week,
    format,
    status in ('loaded', 'superseded') as is_kept
from raw.exports;
