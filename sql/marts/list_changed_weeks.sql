-- mart.publication_weeks: one row per (feed, week) that changed after a revision.
--
-- params:  $since bigint (the revision that readers have; 0 = none)
select
    feed,
    week,
    scores_count
from mart.publication_weeks
where revision > $since
order by feed, week
