-- one row per verdict on one of the given weeks that is no pass, the farthest beyond first.
--
-- reads:   ml.drift
-- params:  $names varchar[], feed and week of each, as in 'demo 2024-01-05'
select
    feed,
    week,
    check_name,
    column_name,
    statistic,
    threshold,
    verdict
from ml.drift
where verdict <> 'pass' and list_contains($names, concat(feed, ' ', week))
order by feed, week, verdict = 'warn', abs(statistic / nullif(threshold, 0)) desc;
