-- mart.model_performance: the newest weeks whose outcome was known by a week, newest first.
--
-- reads:   mart.model_performance
-- params:  $feed varchar, $from_week date (none before), $week date, $most bigint
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
where feed = $feed and week >= $from_week and matured_week <= $week
order by week desc, model_version asc
limit $most
