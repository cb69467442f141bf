-- one row per registered model that has an artefact: where it stands, and the SHA-256 of its
-- manifest.
--
-- reads:   ml.models
select
    feed,
    version,
    artefact_sha256
from ml.models
where artefact_removed_at is null
order by feed, version
