-- one row: bytes of the Parquet files that the present state of a lake names.
select coalesce(sum(file_size_bytes + delete_file_size_bytes), 0) as data_bytes
from ducklake_table_info($alias)
