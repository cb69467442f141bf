-- one row per export that the given weeks hold.
--
-- reads:   raw.exports
-- params:  $feed varchar, $weeks date[]
select sha256
from raw.exports
where feed = $feed and status = 'loaded' and list_contains($weeks, week)
order by sha256;
