-- mart.current_metrics of some artists' tracks alone.
--
-- reads:   mart.current_metrics, mart.weekly_scores
-- params:  $feed varchar, $artists varchar[] (names as exported)
-- units:   as exported
with wanted as (
    select
        week,
        track_id
    from mart.weekly_scores
    where feed = $feed and list_contains(cast($artists as varchar[]), artist_name)
)

select metrics.*  -- noqa: AM04
from mart.current_metrics as metrics
semi join wanted on metrics.week = wanted.week and metrics.track_id = wanted.track_id
where metrics.feed = $feed
