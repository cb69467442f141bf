-- one row per feed that has songs of artists, with its region.
--
-- reads:   mart.artist_songs
select
    feed,
    max(region) as region
from mart.artist_songs
group by feed
order by feed
