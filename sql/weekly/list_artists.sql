-- one row per artist of a scored week, those with the most high tracks first.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date, $most bigint
-- units:   best_ are those of the artist's track with the highest score; high_ratio is in [0, 1]
select
    artist_name,
    count(*) as tracks_count,
    count(*) filter (where potential = 'high') as high_count,
    count(*) filter (where potential = 'high') / count(*) as high_ratio,
    arg_min(title, rank) as best_title,
    arg_min(score, rank) as best_score,
    min(rank) as best_rank
from mart.weekly_scores
where feed = $feed and week = $week and artist_name is not null
group by artist_name
order by high_count desc, best_rank asc
limit $most
