-- ml.labels.tracks: one row per label of a track that its week does not hold.
--
-- holds:   labels of the week's accepted tracks only
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   ml.labels, core.track_weeks
select
    labels.feed,
    labels.week,
    labels.track_id,
    labels.label
from ml.labels as labels
anti join core.track_weeks as listed
    on
        labels.feed = listed.feed
        and labels.week = listed.week
        and labels.track_id = listed.track_id
order by labels.feed, labels.week, labels.track_id, labels.label
