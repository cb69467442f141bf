-- ml.models.status: one row per model whose status contradicts ml.champions.
--
-- holds:   champion for the newest promoted version of each feed, and for no other
-- remedy:  run `songpop backfill --feed FEED`
-- reads:   ml.models, ml.champions
with newest as (
    select
        feed,
        arg_max(version, (from_week, decided_by = 'hand')) as newest_version
    from ml.champions
    group by feed
)

select
    models.version,
    models.status,
    newest.newest_version,
    coalesce(models.feed, newest.feed) as feed
from ml.models as models
full outer join newest
    on models.feed = newest.feed and models.version = newest.newest_version
where
    models.status is null
    or models.status not in ('champion', 'challenger', 'retired', 'replaced')
    or (models.status = 'champion') <> (newest.newest_version is not null)
order by feed, models.version
