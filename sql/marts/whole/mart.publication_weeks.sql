-- mart.publication_weeks: one row per (feed, week), the revision that last changed it.
--
-- units:   scores_count is 0 where the week has no scores
select
    feed,
    week,
    revision,
    scores_count
from mart.publication_weeks
order by feed, week
