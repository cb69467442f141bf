-- ml.models: the version that scored a week, as one row.
--
-- reads:   ml.models
-- params:  $feed varchar, $version varchar
select
    kind,
    label,
    horizon_weeks,
    trained_week,
    rows_count,
    cast(metrics -> '$.test' as varchar) as test,
    cast(metrics -> '$.evaluation.models' as varchar) as models,
    cast(metrics -> '$.evaluation.comparisons' as varchar) as comparisons,
    len(trained_on_weeks) as weeks_count
from ml.models
where feed = $feed and version = $version
