-- artist_names: one row per track of some loaded weeks of one feed, with its artists as exported.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $weeks date[],
--          $below varchar (of the tracks, those whose hash begins with less; null: all)
-- order:   none; it is joined by key
select
    tw.feed,
    tw.week,
    tw.track_id,
    tw.artist_name
from core.track_weeks as tw
where
    tw.feed = $feed and list_contains($weeks, tw.week)
    and ($below is null or substr(md5(tw.track_id), 1, 6) < $below)
