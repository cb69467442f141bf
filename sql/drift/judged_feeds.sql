-- one row per feed of which some week was judged or some export has arrived.
--
-- reads:   ml.drift_weeks, raw.exports
select feed
from ml.drift_weeks
union
select feed
from raw.exports
where feed is not null
order by feed;
