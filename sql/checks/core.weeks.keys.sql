-- core.weeks.keys: one row per (feed, week) that stands twice.
--
-- holds:   one row per (feed, week)
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   core.weeks
-- params:  $feed varchar, $week date (null = every one)
select
    feed,
    week,
    count(*) as rows_count
from core.weeks
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
group by feed, week
having count(*) > 1
order by feed, week
