-- one row per song as the loaded files name it.
--
-- reads:   core.own_tracks
select
    own_track_id,
    isrc is not null as has_isrc
from core.own_tracks
order by own_track_id
