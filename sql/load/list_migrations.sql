-- main.schema_migrations: one row per migration that was applied.
--
-- reads:   schema_migrations
select
    name,
    sha256
from schema_migrations
order by name;
