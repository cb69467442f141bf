-- one row per table of the database that the connection uses.
select
    schema_name,
    table_name
from duckdb_tables()
where
    not internal
    and not temporary
    and database_name = current_database()
order by schema_name, table_name
