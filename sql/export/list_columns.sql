-- list_columns: one row per column of a published table or view.
select
    column_name,
    data_type,
    concat(table_schema, '.', table_name) as relation
from information_schema.columns
where table_schema in ('raw', 'core', 'ml', 'mart')
order by relation, ordinal_position
