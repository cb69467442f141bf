-- one row per pair of songs that waits for a person.
--
-- reads:   core.track_matches
select
    own_track_id_1,
    own_track_id_2,
    found_at
from core.track_matches
where verdict = 'open'
order by own_track_id_1, own_track_id_2
