-- ml.champions: one row per (feed, from_week), the model that scores from that week on.
select
    feed,
    from_week,
    version,
    because
from ml.champions
order by feed, from_week
