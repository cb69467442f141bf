-- core.own_tracks: one row per song as the loaded files name it, not yet joined with others.
--
-- reads:   core.own_spellings, raw.platform_exports
-- units:   artist and title are those of the newest file; is_own is false where a public chart
--          alone names it
insert into core.own_tracks by name
select
    spelled.own_track_id,
    max(spelled.isrc) as isrc,
    arg_max(spelled.artist, (exports.arrival_number, spelled.title)) as artist,
    arg_max(spelled.title, (exports.arrival_number, spelled.title)) as title,
    bool_or(not exports.is_public) as is_own,
    spelled.own_track_id as same_as
from core.own_spellings as spelled
inner join raw.platform_exports as exports on spelled.sha256 = exports.sha256
group by spelled.own_track_id
