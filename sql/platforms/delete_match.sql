-- core.track_matches: without one pair.
--
-- params:  $one_id, $other_id varchar, the smaller first
delete from core.track_matches
where own_track_id_1 = $one_id and own_track_id_2 = $other_id
