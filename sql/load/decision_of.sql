-- one row: what was decided about a version; none where it is not registered.
--
-- reads:   ml.models
-- params:  $version varchar
select decision
from ml.models
where version = $version;
