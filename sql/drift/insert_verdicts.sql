-- ml.drift: one row per (feed, week, check_name, column_name).
--
-- reads:   week_verdicts (a registered frame)
-- params:  $feed varchar, $week date
insert into ml.drift by name
select
    $feed as feed,
    $week as week,
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
from week_verdicts;
