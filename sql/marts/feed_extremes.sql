-- one row per track: the ten highest and ten lowest of each given feed's newest scored week.
--
-- reads:   mart.current_scores
-- params:  $feeds varchar[], $most bigint (how many from each end)
with current_weeks as (
    select
        feed,
        week,
        rank,
        title,
        artist_name,
        score,
        potential,
        is_provisional,
        reason_1,
        reason_1_contribution,
        count(*) over (partition by feed) as tracks_count
    from mart.current_scores
    where list_contains($feeds, feed)
)

select
    feed,
    week,
    rank,
    title,
    artist_name,
    score,
    potential,
    is_provisional,
    reason_1,
    reason_1_contribution
from current_weeks
where rank <= $most or rank > tracks_count - $most
order by feed, rank;
