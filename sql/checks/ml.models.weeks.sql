-- ml.models.weeks: one row per model trained on a week later than its own.
--
-- holds:   trained on weeks up to trained_week only, and its label known
-- remedy:  run `songpop backfill --feed FEED`
-- reads:   ml.models
select
    feed,
    version,
    label,
    trained_week,
    seen_until_week,
    list_max(trained_on_weeks) as last_trained_on_week
from ml.models
where
    seen_until_week > trained_week
    or list_max(trained_on_weeks) > trained_week
    or label not in ('level', 'growth', 'snapshot')
order by feed, version
