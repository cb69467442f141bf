-- how many numbers of each file do not count, since another file says them, too.
--
-- reads:   core.platform_numbers
-- params:  $sha256s varchar[] (SHA-256 of the files)
select
    sha256,
    count(*) filter (where not is_counted) as outdone_count
from core.platform_numbers
where list_contains($sha256s, sha256)
group by sha256
order by sha256
