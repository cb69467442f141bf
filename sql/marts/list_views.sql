-- one row per view for people.
select
    schema_name,
    view_name
from duckdb_views()
where not internal and database_name = current_database()
order by all;
