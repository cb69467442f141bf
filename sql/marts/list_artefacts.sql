-- one row per registered model: where its artefact stands, and the SHA-256 of its manifest.
--
-- reads:   ml.models
select
    feed,
    version,
    artefact_sha256
from ml.models
order by feed, version
