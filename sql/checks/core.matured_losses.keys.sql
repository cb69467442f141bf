-- core.matured_losses.keys: one row per (feed, matured_week) that stands twice or cannot be.
--
-- holds:   one matured week per (feed, matured_week), earlier than it, of at least one row
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   core.matured_losses
-- params:  $feed varchar, $week date (null = every one)
select
    feed,
    matured_week,
    count(*) as rows_count
from core.matured_losses
where
    ($feed is null or feed = $feed)
    and ($week is null or matured_week = $week)
group by feed, matured_week
having
    count(*) > 1
    or bool_or(week >= matured_week or rows_count < 1 or standard_error < 0)
order by feed, matured_week
