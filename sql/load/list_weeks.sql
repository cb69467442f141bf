-- one row per loaded week.
--
-- reads:   core.weeks
-- params:  $feed varchar (null for every feed)
select
    feed,
    week,
    (
        scored_at is null
        or coalesce(scored_content_sha256, '') <> content_sha256
    ) as is_unscored
from core.weeks
where $feed is null or feed = $feed
order by feed, week;
