-- core.own_tracks: songs that are another one.
--
-- reads:   joined_tracks (a registered frame)
update core.own_tracks
set same_as = joined_tracks.same_as
from joined_tracks
where own_tracks.own_track_id = joined_tracks.own_track_id
