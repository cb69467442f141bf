-- one row per track that moved in one direction since the scored week before, farthest first.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date, $previous_week date, $direction integer (1 = up, -1 = down),
--          $by_rank boolean (by places, where two models scored the weeks), $most bigint
with compared as (
    select
        present.track_id,
        present.title,
        present.artist_name,
        present.rank,
        previous.rank as previous_rank,
        present.score,
        previous.score as previous_score,
        case
            when $by_rank then previous.rank - present.rank
            else present.score - previous.score
        end * $direction as distance
    from mart.weekly_scores as present
    inner join mart.weekly_scores as previous
        on
            present.feed = previous.feed
            and present.track_id = previous.track_id
    where
        present.feed = $feed
        and present.week = $week
        and previous.week = $previous_week
)

select
    track_id,
    title,
    artist_name,
    rank,
    previous_rank,
    score,
    previous_score
from compared
where distance > 0
order by distance desc, track_id asc
limit $most
