-- mart.weekly_scores of some artists' tracks alone, in the newest scored weeks of their feed.
--
-- reads:   mart.weekly_scores, mart.weeks
-- params:  $feed varchar, $artists varchar[] (names as exported)
-- units:   as published; a track's earlier weeks are here under whatever name it had then
with recent as (
    select week
    from mart.weeks
    where feed = $feed and is_scored
    order by week desc
    limit 8
),

newest as (
    select max(week) as week
    from recent
),

wanted as (
    select scores.track_id
    from mart.weekly_scores as scores
    inner join newest on scores.week = newest.week
    where
        scores.feed = $feed
        and list_contains(cast($artists as varchar[]), scores.artist_name)
)

select scores.*  -- noqa: AM04
from mart.weekly_scores as scores
inner join recent on scores.week = recent.week
semi join wanted on scores.track_id = wanted.track_id
where scores.feed = $feed
