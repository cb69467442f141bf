-- one row at most: what is known about a week before it is run.
--
-- reads:   core.weeks
-- params:  $feed varchar, $week date
select
    rows_count,
    content_sha256,
    scored_content_sha256,
    is_stale,
    stale_because,
    scored_at is not null as was_run
from core.weeks
where feed = $feed and week = $week;
