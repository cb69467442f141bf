-- one row at most: how many rows readers are shown of a week, and the sum of their hashes.
--
-- reads:   mart.publication_weeks
-- params:  $table_name varchar, $feed varchar, $week date
select
    rows_count,
    cast(hash_sum as hugeint) as hash_sum
from mart.publication_weeks
where table_name = $table_name and feed = $feed and week = $week
