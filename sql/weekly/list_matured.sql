-- mart.model_performance: one scored week, if its outcome was known by another; else no row.
--
-- reads:   mart.model_performance
-- params:  $feed varchar, $scored_week date, $week date (by which the outcome was known)
select
    week,
    model_version,
    kind,
    label,
    is_provisional,
    rows_count,
    base_rate,
    log_loss,
    accuracy,
    auc,
    persistence_accuracy,
    persistence_auc
from mart.model_performance
where feed = $feed and week = $scored_week and matured_week <= $week
order by model_version
