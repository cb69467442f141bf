-- one row: the last week before $week in which a model of the feed was trained (a stand-in is
-- none), null for none.
--
-- reads:   ml.models
-- params:  $feed varchar, $week date
select max(trained_week) as last_trained_week
from ml.models
where
    feed = $feed and trained_week < $week and status <> 'replaced'
    and kind not in ('persistence', 'constant');
