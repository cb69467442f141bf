-- how many numbers of all files do not count, since another file says them, too.
--
-- reads:   core.platform_numbers
select count(*) filter (where not is_counted) as outdone_count
from core.platform_numbers
