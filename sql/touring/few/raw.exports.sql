-- raw.exports of one feed.
--
-- reads:   raw.exports
-- params:  $feed varchar, $artists varchar[] (they change nothing)
select *  -- noqa: AM04
from raw.exports
where feed = $feed and $artists is not null
