-- core.track_matches.keys: one row per pair of songs that stands twice or is decided by nobody.
--
-- holds:   each pair once, the smaller id first, open or decided by somebody, and songs joined so
-- remedy:  `songpop platforms confirm` or `refuse` the pair again
-- reads:   core.track_matches, core.own_tracks
select
    matches.own_track_id_1,
    matches.own_track_id_2,
    matches.verdict,
    matches.decided_by
from core.track_matches as matches
left join core.own_tracks as one on matches.own_track_id_1 = one.own_track_id
left join core.own_tracks as other on matches.own_track_id_2 = other.own_track_id
qualify
    count(*) over (partition by matches.own_track_id_1, matches.own_track_id_2) > 1
    or matches.own_track_id_1 >= matches.own_track_id_2
    or matches.verdict not in ('open', 'confirmed', 'refused')
    or (matches.verdict = 'open') <> (matches.decided_by is null)
    or (matches.verdict = 'open') <> (matches.decided_at is null)
    or (matches.verdict = 'confirmed' and one.same_as <> other.same_as)
    or (matches.verdict = 'refused' and one.same_as = other.same_as)
order by matches.own_track_id_1, matches.own_track_id_2
