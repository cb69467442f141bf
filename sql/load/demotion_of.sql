-- one row if a version scores no longer because it was demoted: why, in words.
--
-- reads:   ml.models
-- params:  $version varchar
select retired_because
from ml.models
where version = $version and starts_with(retired_because, 'demoted: ');
