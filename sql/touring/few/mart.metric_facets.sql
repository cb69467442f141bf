-- mart.metric_facets, all of it.
--
-- reads:   mart.metric_facets
-- params:  $feed varchar, $artists varchar[] (they change nothing)
select *  -- noqa: AM04
from mart.metric_facets
where $feed is not null and $artists is not null
