-- one row per week that a model scored before another, oldest first.
--
-- reads:   core.score_profiles
-- params:  $feed varchar, $week date, $model_version varchar
select
    week,
    model_version,
    cells,
    counts,
    estimated_loss
from core.score_profiles
where feed = $feed and week < $week and model_version = $model_version
order by week;
