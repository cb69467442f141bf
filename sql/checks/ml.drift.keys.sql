-- ml.drift.keys: one row per verdict that stands twice or has no numbers.
--
-- holds:   one verdict with finite numbers per (feed, week, check_name, column_name)
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   ml.drift
-- params:  $feed varchar, $week date (null = every one)
-- units:   p_value is a probability, null where the check has none
select
    feed,
    week,
    check_name,
    column_name,
    count(*) as rows_count
from ml.drift
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
group by feed, week, check_name, column_name
having
    count(*) > 1
    or bool_or(statistic is null or not isfinite(statistic))
    or bool_or(threshold is null or not threshold > 0)
    or bool_or(not coalesce(p_value between 0 and 1, true))
order by feed, week, check_name, column_name
