-- one row at most: the weeks that a model learned from.
--
-- reads:   ml.models
-- params:  $version varchar
select trained_on_weeks
from ml.models
where version = $version;
