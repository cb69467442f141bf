-- one row: everything about a model version.
--
-- reads:   ml.models
-- params:  $version varchar
select *  -- noqa: AM04
from ml.models
where version = $version;
