-- one row per version older than a time that never published a score and that nobody promoted.
--
-- reads:   ml.models, ml.champions, mart.weekly_scores, mart.superseded_scores
-- params:  $before timestamptz
select
    models.feed,
    models.version
from ml.models as models
where
    models.created_at < $before
    and models.artefact_removed_at is null
    and models.status <> 'champion'
    and models.version not in (
        select scores.model_version from mart.weekly_scores as scores
        union
        select earlier.model_version from mart.superseded_scores as earlier
        union
        select champions.version from ml.champions as champions
        union
        select weeks.model_version from core.weeks as weeks
        where weeks.model_version is not null
    )
order by models.feed, models.version
