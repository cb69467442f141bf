-- main.schema_migrations.keys: one row per migration that was recorded twice.
--
-- holds:   each migration recorded once
-- remedy:  restore the private file from a backup
-- reads:   schema_migrations
select
    name,
    count(*) as rows_count
from schema_migrations
group by name
having count(*) > 1
order by name
