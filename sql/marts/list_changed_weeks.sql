-- mart.publication_weeks: one row per (table_name, feed, week) that changed after a revision.
--
-- params:  $since bigint (the revision that readers have; 0 = none)
select
    table_name,
    feed,
    week,
    rows_count
from mart.publication_weeks
where revision > $since
order by table_name, feed, week
