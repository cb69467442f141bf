-- one row: whether the rows of a published Parquet file stand in the order of their ranks, 1 to n.
--
-- params:  $path varchar
select coalesce(bool_and(rank = file_row_number + 1), true) as is_ranked
from read_parquet($path, hive_partitioning = false, file_row_number = true)
