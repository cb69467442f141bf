-- one row per loaded feed: the format of its newest week.
--
-- reads:   core.weeks
select
    feed,
    arg_max(format, week) as format
from core.weeks
group by feed
order by feed;
