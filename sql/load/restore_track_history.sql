-- core.track_history: first sight, from all weeks, of the feed's tracks that lack one.
--
-- reads:   core.track_weeks
-- params:  $feed varchar
insert into core.track_history (feed, track_id, first_seen_week)
select
    listed.feed,
    listed.track_id,
    min(listed.week) as first_seen_week
from core.track_weeks as listed
where
    listed.feed = $feed
    and not exists (
        select 1 from core.track_history as known
        where known.feed = listed.feed and known.track_id = listed.track_id
    )
group by listed.feed, listed.track_id
order by listed.track_id;
