-- one row per active export of the week: how many of the staged keys it already holds.
--
-- reads:   core.track_weeks, staged_rows
-- params:  $feed varchar, $week date
select
    loaded.sha256,
    count(*) as shared_count
from core.track_weeks as loaded
inner join staged_rows as staged on loaded.track_id = staged.track_id
where loaded.feed = $feed and loaded.week = $week
group by loaded.sha256
order by shared_count desc, loaded.sha256 asc;
