-- one row per export that the warehouse knows, whatever became of it.
--
-- reads:   raw.exports
select
    sha256,
    feed,
    week,
    format
from raw.exports;
