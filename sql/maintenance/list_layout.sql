-- one row per column of a table and per view: what two files of one layout have in common.
select
    schema_name,
    table_name as relation_name,
    column_name,
    data_type,
    is_nullable,
    column_default
from duckdb_columns()
where
    not internal
    and database_name = current_database()
    and schema_name not like 'pg\_%' escape '\'
order by schema_name, relation_name, column_index
