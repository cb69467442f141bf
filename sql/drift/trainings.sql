-- one row per training of a feed, oldest first.
--
-- reads:   ml.models
-- params:  $feed varchar
select
    trained_week,
    trained_because
from ml.models
where feed = $feed and status <> 'replaced'
order by trained_week, version;
