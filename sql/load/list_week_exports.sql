-- one row per export whose rows a week holds, the newest first.
--
-- reads:   raw.exports
-- params:  $feed varchar, $week date
select sha256
from raw.exports
where feed = $feed and week = $week and status = 'loaded'
order by arrival_number desc, sha256 asc
