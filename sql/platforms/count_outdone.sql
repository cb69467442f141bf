-- how many numbers of each file do not count, since another file says them, too; a song's names,
-- which a decision may join or part, have a number each.
--
-- reads:   core.platform_numbers
select
    sha256,
    count(*) filter (where not is_counted) as outdone_count
from core.platform_numbers
group by sha256
order by sha256
