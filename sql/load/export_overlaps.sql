-- one row per active export of the week: how many of the staged keys it holds, of how many rows.
--
-- reads:   core.track_weeks, staged_rows
-- params:  $feed varchar, $week date
-- order:   the export that shares most first
select
    loaded.sha256,
    count(staged.track_id) as shared_count,
    count(*) as rows_count
from core.track_weeks as loaded
left join staged_rows as staged on loaded.track_id = staged.track_id
where loaded.feed = $feed and loaded.week = $week
group by loaded.sha256
having count(staged.track_id) > 0
order by shared_count desc, loaded.sha256 asc;
