-- mart.parquet_files: one row per (feed, week), the file as it was published.
select
    feed,
    week,
    file_sha256
from mart.parquet_files
order by feed, week
