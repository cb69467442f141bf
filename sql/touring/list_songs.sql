-- one row per song of an artist in one feed, in the order of the set list.
--
-- reads:   mart.tour_candidates
-- params:  $feed, $artist varchar (as exported), $most bigint
select
    feed,
    region,
    week,
    artist_name,
    artist_rank,
    title,
    role,
    reason,
    tour_score,
    breadth,
    radio,
    shazam,
    demand,
    peak,
    staying,
    momentum,
    promise,
    score,
    track_id,
    versions_count,
    songs_count
from mart.tour_candidates
where feed = $feed and artist_name = $artist and artist_rank <= $most
order by artist_rank
