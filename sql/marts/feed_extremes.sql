-- one row per track: the ten highest and ten lowest of each given feed's newest scored week.
--
-- reads:   mart.current_scores
-- params:  $feeds varchar[], $most bigint (how many from each end)
with sizes as (
    select
        feed,
        count(*) as tracks_count
    from mart.current_scores
    where list_contains($feeds, feed)
    group by feed
)

select
    scores.feed,
    scores.week,
    scores.rank,
    scores.title,
    scores.artist_name,
    scores.score,
    scores.potential,
    scores.is_provisional,
    scores.reason_1,
    scores.reason_1_contribution,
    scores.reason_1_text,
    scores.model_warning
from mart.current_scores as scores
inner join sizes on scores.feed = sizes.feed
where scores.rank <= $most or scores.rank > sizes.tracks_count - $most
order by scores.feed, scores.rank;
