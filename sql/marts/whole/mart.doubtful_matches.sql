-- mart.doubtful_matches: one row per pair of songs that may be one, or that somebody decided about.
--
-- reads:   core.track_matches, core.own_tracks
-- units:   likeness is the Jaro-Winkler similarity of the titles, 1 the same; null: not compared so
select
    matches.own_track_id_1,
    one.artist as artist_name_1,
    one.title as title_1,
    matches.own_track_id_2,
    other.artist as artist_name_2,
    other.title as title_2,
    matches.because,
    matches.likeness,
    matches.verdict,
    matches.decided_by,
    matches.decided_because,
    matches.decided_at
from core.track_matches as matches
left join core.own_tracks as one on matches.own_track_id_1 = one.own_track_id
left join core.own_tracks as other on matches.own_track_id_2 = other.own_track_id
where matches.verdict <> 'open' or one.same_as <> other.same_as
order by matches.verdict <> 'open', matches.own_track_id_1, matches.own_track_id_2
