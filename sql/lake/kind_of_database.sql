-- one row: what kind of database the connection uses, say duckdb or ducklake.
select type
from duckdb_databases()
where database_name = current_database()
