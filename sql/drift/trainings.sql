-- one row per training of a feed, oldest first; a stand-in is none.
--
-- reads:   ml.models
-- params:  $feed varchar
select
    trained_week,
    trained_because
from ml.models
where
    feed = $feed
    and status <> 'replaced'
    and kind not in ('persistence', 'constant')
order by trained_week, version;
