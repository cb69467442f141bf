-- one row per model version, newest first.
--
-- reads:   ml.models
-- params:  $feed varchar (null for every feed)
select
    version,
    feed,
    kind,
    label,
    status,
    trained_week,
    trained_because,
    decision,
    rows_count,
    metrics
from ml.models
where $feed is null or feed = $feed
order by feed asc, trained_week desc, version asc;
