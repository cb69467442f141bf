-- mart.weeks: one row per (feed, week) that is loaded.
--
-- reads:   core.weeks
-- units:   model_version is null where the week has no scores; scored_at is when it was last run
select
    feed,
    week,
    format,
    rows_count,
    is_stale,
    stale_because,
    model_version,
    run_id,
    loaded_at,
    scored_at,
    model_version is not null as is_scored
from core.weeks
order by feed, week
