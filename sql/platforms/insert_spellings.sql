-- core.own_spellings: how one file writes its songs.
--
-- reads:   staged_spellings (a registered frame)
-- params:  $sha256 varchar
insert into core.own_spellings by name
select
    $sha256 as sha256,
    own_track_id,
    isrc,
    artist,
    title,
    artist_key,
    title_key,
    artist_loose,
    title_loose,
    versions
from staged_spellings
