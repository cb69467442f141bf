-- one row at most: the SHA-256 under which a version is registered.
--
-- reads:   ml.models
-- params:  $version varchar
select artefact_sha256
from ml.models
where version = $version;
