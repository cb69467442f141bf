-- ml.labels of the other feeds of a format, known before $week: one row per (feed, week, track_id).
--
-- reads:   ml.labels, core.weeks
-- params:  $feed varchar, $format varchar, $week date, $label varchar, $horizon_weeks integer,
--          $below varchar (of the tracks, those whose hash begins with less; null: all)
-- note:    those of the very week are left out, and of days as near as may count as the same week,
--          so that which feed comes first cannot matter; what is read is what makes weeks stale
with sisters as (
    select distinct feed
    from core.weeks
    where format = $format and feed <> $feed
)

select
    labels.feed,
    labels.week,
    labels.track_id,
    labels.label,
    labels.is_high,
    labels.outcome_percentile,
    labels.margin,
    labels.matured_week
from ml.labels as labels
inner join sisters on labels.feed = sisters.feed
where
    labels.label = $label
    and labels.matured_week + 3 < $week
    and abs(labels.matured_week - labels.week - 7 * $horizon_weeks) <= 3
    and ($below is null or substr(md5(labels.track_id), 1, 6) < $below)
order by labels.week, labels.feed, labels.track_id;
