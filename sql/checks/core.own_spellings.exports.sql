-- core.own_spellings.exports: one row per spelling that no loaded file holds, or that stands twice.
--
-- holds:   spellings of loaded files alone, each once, an ISRC being the song's id
-- remedy:  `songpop platforms unload FILE`, then `songpop platforms load` it again
-- reads:   core.own_spellings, raw.platform_exports
select
    spelled.sha256,
    spelled.own_track_id,
    spelled.artist,
    spelled.title
from core.own_spellings as spelled
left join raw.platform_exports as exports on spelled.sha256 = exports.sha256
qualify
    exports.status is distinct from 'loaded'
    or coalesce(spelled.isrc, spelled.own_track_id) <> spelled.own_track_id
    or count(*) over (
        partition by spelled.sha256, spelled.own_track_id, spelled.artist, spelled.title
    ) > 1
order by spelled.sha256, spelled.own_track_id
