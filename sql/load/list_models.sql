-- one row per model version, newest first, with its log loss beside that of its best baseline.
--
-- reads:   ml.models
-- params:  $feed varchar (null for every feed)
-- units:   log losses in nats a row, on the test block; null: it has none, or was not compared
with compared as (
    select
        version,
        metrics ->> '$.evaluation.models[*].model' as names,
        (metrics ->> '$.evaluation.models[*].slices."all rows".log_loss')::double[] as losses
    from ml.models
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
    (models.metrics ->> '$.test.log_loss')::double as test_log_loss,
    list_min(compared.losses[2:]) as baseline_log_loss,
    -- the model itself comes first in both lists
    compared.names[list_position(compared.losses[2:], list_min(compared.losses[2:])) + 1]
        as best_baseline
from ml.models as models
inner join compared on models.version = compared.version
where $feed is null or models.feed = $feed
order by models.feed asc, models.trained_week desc, models.version asc;
