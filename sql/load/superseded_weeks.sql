-- one row per week that has earlier scores, also where its rows have been unloaded since.
--
-- reads:   mart.superseded_scores
-- params:  $feed varchar
select distinct week
from mart.superseded_scores
where feed = $feed
order by week;
