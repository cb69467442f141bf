-- core.own_artists: one row per artist that a platform's export is about.
--
-- reads:   core.platform_facts, raw.platform_exports
-- units:   artist_key is the artist as artists are compared; artist_name as the newest file says it
select
    facts.subject_id as artist_key,
    coalesce(arg_max(exports.artist, exports.arrival_number), facts.subject_id) as artist_name
from core.platform_facts as facts
inner join raw.platform_exports as exports on facts.sha256 = exports.sha256
where facts.subject = 'artist'
group by facts.subject_id
