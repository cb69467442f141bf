-- raw.landing_files.keys: one row per path that is remembered twice.
--
-- holds:   one row per landed path
-- remedy:  run `songpop run`, which scans the landing folder anew
-- reads:   raw.landing_files
select
    path,
    count(*) as rows_count
from raw.landing_files
group by path
having count(*) > 1
order by path
