-- one row per table of the private file.
select
    schema_name,
    table_name
from duckdb_tables()
where not internal and not temporary
order by schema_name, table_name
