-- one row per layout of the exports that a week holds.
--
-- reads:   raw.exports
-- params:  $feed varchar, $week date
select distinct layout
from raw.exports
where feed = $feed and week = $week and status = 'loaded'
order by layout;
