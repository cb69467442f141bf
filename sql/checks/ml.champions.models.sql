-- ml.champions.models: one row per champion that the registry lacks.
--
-- holds:   each champion a registered model of its feed
-- remedy:  run `songpop backfill --feed FEED`
-- reads:   ml.champions, ml.models
select
    champions.feed,
    champions.from_week,
    champions.version
from ml.champions as champions
anti join ml.models as models
    on champions.feed = models.feed and champions.version = models.version
order by champions.feed, champions.from_week
