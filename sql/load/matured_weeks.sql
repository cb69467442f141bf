-- one row per week whose label is known by $week: how many rows it has.
--
-- reads:   ml.labels
-- params:  $feed varchar, $week date, $label varchar
select
    week,
    count(*) as rows_count
from ml.labels
where feed = $feed and label = $label and matured_week <= $week
group by week
order by week;
