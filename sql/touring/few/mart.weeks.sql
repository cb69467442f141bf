-- mart.weeks of one feed.
--
-- reads:   mart.weeks
-- params:  $feed varchar, $artists varchar[] (they change nothing)
select *  -- noqa: AM04
from mart.weeks
where feed = $feed and $artists is not null
