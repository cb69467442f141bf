-- mart.lineage: one row per (feed, week): what was decided about it, what was trained, who scored.
--
-- reads:   ml.drift_weeks, mart.weeks, ml.models, mart.superseded_scores
-- units:   trained lists the versions trained in the week, each with what became of it. Of the
--          version that scores the week: when it was trained, why, on which weeks and on how many
--          exports. superseded lists the versions whose scores of the week were replaced.
with known as (
    select
        feed,
        week
    from ml.drift_weeks
    union
    select
        feed,
        week
    from mart.weeks
),

trained as (
    select
        feed,
        trained_week,
        list(concat(version, ' ', decision) order by created_at, version) as trained
    from ml.models
    group by feed, trained_week
),

superseded as (
    select
        feed,
        week,
        list(distinct model_version order by model_version) as superseded
    from mart.superseded_scores
    group by feed, week
)

select
    known.feed,
    known.week,
    decided.decision as drift,
    decided.reasons as drift_reasons,
    weeks.model_version,
    models.kind as model_kind,
    models.trained_week,
    models.trained_because,
    models.decision as model_decision,
    coalesce(trained.trained, []) as trained,
    list_min(models.trained_on_weeks) as learned_from,
    list_max(models.trained_on_weeks) as learned_until,
    len(models.trained_on_exports) as learned_exports,
    coalesce(superseded.superseded, []) as superseded
from known
left join ml.drift_weeks as decided on known.feed = decided.feed and known.week = decided.week
left join mart.weeks as weeks on known.feed = weeks.feed and known.week = weeks.week
left join ml.models as models on weeks.model_version = models.version
left join trained on known.feed = trained.feed and known.week = trained.trained_week
left join superseded on known.feed = superseded.feed and known.week = superseded.week
order by known.feed, known.week;
