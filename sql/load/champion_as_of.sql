-- one row at most: the model that scores a feed in a given week.
--
-- reads:   ml.champions, ml.models
-- params:  $feed varchar, $week date, $inclusive boolean (whether a model of that week counts)
select
    models.version,
    models.feed,
    models.kind,
    models.label,
    models.horizon_weeks,
    models.trained_week,
    models.seen_until_week,
    models.artefact_sha256,
    models.warning
from ml.champions as champions
inner join ml.models as models
    on champions.feed = models.feed and champions.version = models.version
where
    champions.feed = $feed
    and (champions.from_week < $week or ($inclusive and champions.from_week = $week))
-- of one week, what was decided by hand holds
order by champions.from_week desc, champions.decided_by = 'hand' desc
limit 1;
