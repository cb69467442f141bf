-- one row per verdict on the weeks of a feed, the newest week first.
--
-- reads:   ml.drift
-- params:  $feed varchar, $from_week date (included), $week date (not included)
select
    week,
    check_name,
    column_name,
    statistic,
    threshold,
    p_value,
    verdict,
    segment,
    coalesce(is_strong, false) as is_strong,
    coalesce(direction, 0) as direction,
    coalesce(reference, '') as reference,
    coalesce(details, '') as details
from ml.drift
where feed = $feed and week >= $from_week and week < $week
order by week desc, check_name asc, column_name asc;
