-- one row per (feed, week) about which something was decided, by feed, newest first.
--
-- reads:   ml.drift_weeks
-- params:  $feed varchar, $from_week date, $to_week date (null = every one)
select
    feed,
    week,
    decision,
    because,
    reasons
from ml.drift_weeks
where
    ($feed is null or feed = $feed)
    and ($from_week is null or week >= $from_week)
    and ($to_week is null or week <= $to_week)
order by feed asc, week desc;
