-- one row: the newest stand-in of a feed by a week, from when on the world was another.
--
-- reads:   ml.models
-- params:  $feed varchar, $week date, $label varchar
select
    trained_week,
    horizon_weeks
from ml.models
where
    feed = $feed and label = $label and trained_week <= $week and status <> 'replaced'
    and kind in ('persistence', 'constant')
order by trained_week desc
limit 1;
