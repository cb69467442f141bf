-- core.platform_facts: artists under their keys.
--
-- reads:   renamed_artists (a registered frame)
update core.platform_facts
set subject_id = renamed_artists.artist_key
from renamed_artists
where platform_facts.subject = 'artist' and platform_facts.subject_id = renamed_artists.subject_id
