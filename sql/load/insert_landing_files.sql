-- raw.landing_files: one row per file of the present scan.
--
-- reads:   scanned_files (a registered frame)
insert into raw.landing_files by name
select
    path,
    size_bytes,
    modified_ns,
    sha256
from scanned_files
order by path;
