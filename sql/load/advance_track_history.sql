-- core.track_history: a week that arrives late moves the first sight of its tracks forward.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date
update core.track_history
set first_seen_week = $week
where
    feed = $feed
    and first_seen_week > $week
    and track_id in (
        select listed.track_id from core.track_weeks as listed
        where listed.feed = $feed and listed.week = $week
    );
