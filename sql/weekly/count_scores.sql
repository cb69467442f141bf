-- one row per (week, step): how many tracks score within a step of five points.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date, $previous_week date (null = there is none)
-- units:   step counts from 0; its lower end is step / 20, and belongs to it
select
    week,
    least(cast(floor(score * 20) as integer), 19) as step,
    count(*) as tracks_count
from mart.weekly_scores
where feed = $feed and week in ($week, $previous_week)
group by week, step
order by week asc, step asc
