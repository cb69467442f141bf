-- one row per file of the landing folder whose SHA-256 was computed before.
--
-- reads:   raw.landing_files
select
    path,
    size_bytes,
    modified_ns,
    sha256
from raw.landing_files;
