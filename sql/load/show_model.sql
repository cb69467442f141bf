-- one row: everything about a model version.
--
-- reads:   ml.models
-- params:  $version varchar
select *
from ml.models
where version = $version;
