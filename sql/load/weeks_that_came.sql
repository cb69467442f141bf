-- one row per (feed, week) of which an export has come, those that were refused included.
--
-- reads:   core.weeks, raw.exports
-- params:  none
select
    feed,
    week
from core.weeks
union
select
    feed,
    week
from raw.exports
where feed is not null and week is not null
order by feed, week;
