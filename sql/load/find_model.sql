-- one row at most: what scoring needs to know of a registered version.
--
-- reads:   ml.models
-- params:  $version varchar
select
    version,
    feed,
    kind,
    label,
    horizon_weeks,
    trained_week,
    seen_until_week,
    artefact_sha256,
    warning
from ml.models
where version = $version;
