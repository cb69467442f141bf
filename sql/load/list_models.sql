-- one row per model version, newest first, with its log loss beside that of its best baseline, and
-- who made it champion.
--
-- reads:   ml.models, ml.champions, ml.hand_decisions
-- params:  $feed varchar (null for every feed)
-- units:   log losses in nats a row, on the test block; null: it has none, or was not compared;
--          decided_by is null where it never was champion, by_hand where nobody decided for it
with compared as (
    select
        version,
        metrics ->> '$.evaluation.models[*].model' as names,
        (metrics ->> '$.evaluation.models[*].slices."all rows".log_loss')::double[] as losses
    from ml.models
),

promoted as (
    select
        feed,
        version,
        arg_max(decided_by, (from_week, decided_by = 'hand')) as decided_by
    from ml.champions
    group by feed, version
),

told as (
    select
        feed,
        version,
        list(
            'from ' || from_week::varchar || ': ' || because
            order by decided_at nulls first, from_week
        ) as by_hand
    from ml.hand_decisions
    group by feed, version
)

select
    models.version,
    models.feed,
    models.kind,
    models.label,
    models.status,
    models.trained_week,
    models.trained_because,
    models.decision,
    models.rows_count,
    models.metrics,
    models.warning,
    models.retired_because,
    promoted.decided_by,
    told.by_hand,
    (models.metrics ->> '$.test.log_loss')::double as test_log_loss,
    list_min(compared.losses[2:]) as baseline_log_loss,
    -- the model itself comes first in both lists
    compared.names[list_position(compared.losses[2:], list_min(compared.losses[2:])) + 1]
        as best_baseline
from ml.models as models
inner join compared on models.version = compared.version
left join promoted on models.feed = promoted.feed and models.version = promoted.version
left join told on models.feed = told.feed and models.version = told.version
where $feed is null or models.feed = $feed
order by models.feed asc, models.trained_week desc, models.version asc;
