-- core.track_history: first sight, from all weeks, of the feed's tracks that lack one.
--
-- reads:   core.track_weeks
-- params:  $feed varchar
insert into core.track_history (feed, track_id, first_seen_week)
select
    rows.feed,
    rows.track_id,
    min(rows.week) as first_seen_week
from core.track_weeks as rows
anti join core.track_history as known
    on rows.feed = known.feed and rows.track_id = known.track_id
where rows.feed = $feed
group by rows.feed, rows.track_id
order by rows.track_id;
