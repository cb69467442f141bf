-- list_weeks: one row per (feed, week) that anything is known of.
--
-- reads:   mart.data_quality
select
    feed,
    week
from mart.data_quality
where feed is not null and week is not null
order by feed, week
