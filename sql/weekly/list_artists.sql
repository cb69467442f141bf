-- one row per artist of a scored week, those with the most high tracks first.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date, $most bigint
-- units:   best_ are those of the artist's track with the highest score; high_ratio is in [0, 1]
with artists as (
    -- Counts alone: what holds no text of its own can go to disk, however many artists there are.
    select
        artist_name,
        count(*) as tracks_count,
        count(*) filter (where potential = 'high') as high_count,
        min(rank) as best_rank
    from mart.weekly_scores
    where feed = $feed and week = $week and artist_name is not null
    group by artist_name
    order by high_count desc, best_rank asc
    limit $most
)

select
    artists.artist_name,
    artists.tracks_count,
    artists.high_count,
    artists.best_rank,
    best.title as best_title,
    best.score as best_score,
    artists.high_count / artists.tracks_count as high_ratio
from artists
inner join mart.weekly_scores as best on artists.best_rank = best.rank
where best.feed = $feed and best.week = $week
order by artists.high_count desc, artists.best_rank asc
