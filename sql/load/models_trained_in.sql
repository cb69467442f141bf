-- one row per model that was trained in a week.
--
-- reads:   ml.models
-- params:  $feed varchar, $week date
select version
from ml.models
where feed = $feed and trained_week = $week and status <> 'replaced'
order by version;
