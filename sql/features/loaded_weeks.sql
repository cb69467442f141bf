-- loaded_weeks: one row per loaded week of one feed, oldest first.
--
-- reads:   core.weeks
-- params:  $feed varchar, $from_week date, $to_week date (both included)
select w.week
from core.weeks as w
where w.feed = $feed and w.week between $from_week and $to_week
order by w.week
