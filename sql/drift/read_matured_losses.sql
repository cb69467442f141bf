-- one row per matured week of a model before another, oldest first.
--
-- reads:   core.matured_losses
-- params:  $feed varchar, $week date (the week in which labels matured), $model_version varchar
select
    week,
    model_version,
    excess,
    standard_error,
    rows_count
from core.matured_losses
where feed = $feed and matured_week < $week and model_version = $model_version
order by week;
