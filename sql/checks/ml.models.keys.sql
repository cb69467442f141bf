-- ml.models.keys: one row per version that stands twice.
--
-- holds:   one row per model version
-- remedy:  restore the private file from a backup
-- reads:   ml.models
select
    version,
    count(*) as rows_count
from ml.models
group by version
having count(*) > 1
order by version
