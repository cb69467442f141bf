-- ml.drift: the checks of a week, those that go farthest beyond their threshold first.
--
-- reads:   ml.drift
-- params:  $feed varchar, $week date
select
    check_name,
    column_name,
    verdict,
    statistic,
    threshold,
    details
from ml.drift
where feed = $feed and week = $week
order by
    abs(statistic) / nullif(threshold, 0) desc nulls last,
    check_name asc,
    column_name asc nulls first
