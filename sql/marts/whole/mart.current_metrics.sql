-- mart.current_metrics: one row per (feed, week, track_id), the metrics of the newest scored week.
--
-- reads:   core.track_weeks, core.weeks
-- units:   as exported; the columns are those that the formats declare, so they are not named here
-- order:   as loaded; sorting a million keys would cost more than copying them
with newest as (
    select
        feed,
        max(week) as week
    from core.weeks
    where model_version is not null
    group by feed
),

metrics as (
    select
        * exclude (
            sha256,
            flags,
            title,
            artist_name,
            album_name,
            label_name,
            release_date,
            is_explicit
        )
    from core.track_weeks
)

select metrics.*  -- noqa: AM04
from metrics
inner join newest on metrics.feed = newest.feed and metrics.week = newest.week
