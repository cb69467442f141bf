-- one row: how many networks of a label have been champion of a feed before a week.
--
-- reads:   ml.champions, ml.models
-- params:  $feed varchar, $week date, $label varchar
select count(*) as networks_count
from ml.champions as champions
inner join ml.models as models
    on champions.feed = models.feed and champions.version = models.version
where
    champions.feed = $feed
    and champions.from_week < $week
    and models.kind = 'network'
    and models.label = $label;
