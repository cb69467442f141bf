-- ml.labels: the labels of tracks that a correction took out of their week.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date
delete from ml.labels
where
    feed = $feed
    and week = $week
    and track_id not in (
        select listed.track_id from core.track_weeks as listed
        where listed.feed = $feed and listed.week = $week
    );
