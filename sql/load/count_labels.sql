-- one row: how many labels of one feed, or of all of its format, are known by $week.
--
-- reads:   ml.labels, core.weeks
-- params:  $feed varchar, $format varchar (null: the feed alone), $week date, $label varchar
with feeds as (
    select $feed as feed
    union
    select w.feed
    from core.weeks as w
    where w.format = $format
)

select count(*) as labels_count
from ml.labels as labels
semi join feeds on labels.feed = feeds.feed
where labels.label = $label and labels.matured_week <= $week
