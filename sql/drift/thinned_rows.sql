-- thinned_rows: one row per track of one loaded week, or of one in so many of its tracks.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date, $every bigint (1 for all; the same tracks in any week)
-- splice:  metric_columns, quoted names of metrics that the feed's format declares
-- units:   as exported
-- types:   a remainder by a bigint would be one of 128 bits, twenty times as slow
-- order:   by track, so that what is made of it has the same bits in every run
select
    tw.track_id,
    tw.release_date,
    $metric_columns
from core.track_weeks as tw
where
    tw.feed = $feed
    and tw.week = $week
    and hash(tw.track_id) % cast($every as ubigint) = 0
order by tw.track_id
