-- ml.drift: one row per (feed, week, check, column).
select
    feed,
    week,
    check_name,
    column_name,
    statistic,
    threshold,
    p_value,
    verdict,
    is_strong,
    direction,
    segment,
    reference,
    details
from ml.drift
order by feed, week, check_name, column_name
