-- one row per pair of songs that may be one, or that somebody decided about; open pairs first.
--
-- reads:   mart.doubtful_matches
select
    own_track_id_1,
    artist_name_1,
    title_1,
    own_track_id_2,
    artist_name_2,
    title_2,
    because,
    likeness,
    verdict,
    decided_by,
    decided_because
from mart.doubtful_matches
order by verdict <> 'open', own_track_id_1, own_track_id_2
