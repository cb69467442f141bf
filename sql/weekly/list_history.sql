-- one row per (track_id, week): the scores of some tracks, oldest first.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $from_week date, $week date (the last one), $tracks varchar[]
with wanted as (
    select unnest($tracks) as track_id
)

select
    scores.track_id,
    scores.week,
    scores.score
from mart.weekly_scores as scores
inner join wanted on scores.track_id = wanted.track_id
where scores.feed = $feed and scores.week between $from_week and $week
order by scores.track_id asc, scores.week asc
