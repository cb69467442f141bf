-- one row per feed: its newest loaded week, one that was kept out included.
--
-- reads:   core.weeks, raw.exports
-- params:  none
select
    feed,
    max(week) as newest_week
from (
    select
        feed,
        week
    from core.weeks
    union all
    select
        feed,
        week
    from raw.exports
    where feed is not null and week is not null
)
group by feed
order by feed;
