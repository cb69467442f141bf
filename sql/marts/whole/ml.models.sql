-- ml.models: one row per model version.
select
    version,
    feed,
    kind,
    label,
    horizon_weeks,
    status,
    trained_week,
    trained_because,
    decision,
    trained_on_weeks,
    trained_on_exports,
    seen_until_week,
    rows_count,
    settings,
    metrics,
    calibration,
    artefact_sha256,
    run_id,
    created_at,
    card,
    gate,
    warning,
    retired_because,
    artefact_removed_at
from ml.models
order by feed, created_at, version
