-- track_metrics: one row per track of one loaded week, with what features and labels need of it.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date, $from_id varchar, $to_id varchar (not itself; null: no end),
--          $below varchar (of the tracks, those whose hash begins with less; null: all)
-- splice:  metric_columns, quoted names of metrics that the feed's format declares
-- units:   as exported
-- order:   none; whoever builds from it sorts by track_id once
select
    tw.feed,
    tw.week,
    tw.track_id,
    tw.release_date,
    tw.is_explicit,
    $metric_columns
from core.track_weeks as tw
where
    tw.feed = $feed and tw.week = $week
    and tw.track_id >= $from_id
    and ($to_id is null or tw.track_id < $to_id)
    and ($below is null or substr(md5(tw.track_id), 1, 6) < $below)
