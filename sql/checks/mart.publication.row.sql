-- mart.publication.row: one row if the revision counter is not one number from 0 on.
--
-- holds:   exactly one row, its revision 0 or more
-- remedy:  restore the private file from a backup
-- reads:   mart.publication
select
    count(*) as rows_count,
    min(revision) as lowest_revision
from mart.publication
having count(*) <> 1 or min(revision) < 0
