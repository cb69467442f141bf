-- core.own_tracks.keys: one row per song that stands twice, is not spelled, or is no song's song.
--
-- holds:   each song that a loaded file spells once, same_as naming one that is itself
-- remedy:  load any file again: `songpop platforms load FILE`, which makes them anew
-- reads:   core.own_tracks, core.own_spellings, core.platform_facts
with spelled as (
    select distinct own_track_id
    from core.own_spellings
),

told as (
    select distinct subject_id as own_track_id
    from core.platform_facts
    where subject = 'track'
)

select
    tracks.same_as,
    root.same_as as same_as_of_that,
    coalesce(tracks.own_track_id, spelled.own_track_id, told.own_track_id) as own_track_id
from core.own_tracks as tracks
full outer join spelled on tracks.own_track_id = spelled.own_track_id
full outer join told on tracks.own_track_id = told.own_track_id
left join core.own_tracks as root on tracks.same_as = root.own_track_id
qualify
    tracks.own_track_id is null
    or spelled.own_track_id is null
    or root.same_as is distinct from tracks.same_as
    or count(*) over (partition by tracks.own_track_id) > 1
order by own_track_id
