-- mart.weekly_scores.rank: one row per rank out of order.
--
-- holds:   ranks 1 to n without gap, no score above the one ranked before it
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date (null = every one)
with ordered as (
    select
        feed,
        week,
        rank,
        score,
        row_number() over (partition by feed, week order by rank) as expected_rank,
        lag(score) over (partition by feed, week order by rank) as score_before
    from mart.weekly_scores
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
)

select
    feed,
    week,
    rank,
    expected_rank,
    score,
    score_before
from ordered
where rank <> expected_rank or score > score_before
order by feed, week, expected_rank
