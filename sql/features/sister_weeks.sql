-- sister_weeks: one row per loaded week of the other feeds of one format, oldest first.
--
-- reads:   core.weeks
-- params:  $feed varchar, $format varchar, $from_week date, $to_week date (both included)
select
    w.feed,
    w.week
from core.weeks as w
where
    w.format = $format
    and w.feed <> $feed
    and w.week between $from_week and $to_week
order by w.feed, w.week
