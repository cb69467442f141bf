-- core.track_matches: why one pair was found.
--
-- params:  $one_id, $other_id varchar, the smaller first
select
    because,
    likeness,
    found_at
from core.track_matches
where own_track_id_1 = $one_id and own_track_id_2 = $other_id
