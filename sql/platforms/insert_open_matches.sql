-- core.track_matches: pairs that a person has to look at.
--
-- reads:   doubtful_pairs (a registered frame), core.track_matches
insert into core.track_matches by name
select
    pairs.one_id as own_track_id_1,
    pairs.other_id as own_track_id_2,
    pairs.because,
    pairs.likeness,
    'open' as verdict,
    pairs.found_at
from doubtful_pairs as pairs
anti join core.track_matches as decided
    on pairs.one_id = decided.own_track_id_1 and pairs.other_id = decided.own_track_id_2
