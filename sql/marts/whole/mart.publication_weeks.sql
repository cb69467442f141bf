-- mart.publication_weeks: one row per (table_name, feed, week), the revision that last changed it.
--
-- units:   rows_count is 0 where the week has no such rows; hash_sum adds up the rows' hashes
select
    table_name,
    feed,
    week,
    revision,
    rows_count,
    hash_sum
from mart.publication_weeks
order by table_name, feed, week
