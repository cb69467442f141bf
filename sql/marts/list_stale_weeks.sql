-- one row per feed with stale weeks, which are listed oldest first.
--
-- reads:   core.weeks
select
    feed,
    list(cast(week as varchar) order by week) as stale_weeks
from core.weeks
where is_stale
group by feed
order by feed
