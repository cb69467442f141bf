-- one row per song in the set lists of some artists, by artist and place; none for an older week.
--
-- reads:   mart.tour_candidates, of the artists' rows alone
-- params:  $feed varchar, $week date, $most bigint (songs of an artist)
select
    artist_name,
    artist_rank,
    title,
    role,
    reason,
    momentum,
    songs_count
from mart.tour_candidates
where
    feed = $feed
    and week = $week
    and role is not null
    and artist_rank <= $most
order by artist_name, artist_rank
