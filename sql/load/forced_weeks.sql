-- one row per week in which somebody had a model trained.
--
-- reads:   ml.models
select distinct
    feed,
    trained_week
from ml.models
where trained_because = 'forced' and status <> 'replaced'
order by feed, trained_week;
