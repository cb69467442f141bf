-- one row at most: why the model that scores a feed in a given week does.
--
-- reads:   ml.champions
-- params:  $feed varchar, $week date
select because
from ml.champions
where feed = $feed and from_week <= $week
order by from_week desc, decided_by = 'hand' desc
limit 1;
