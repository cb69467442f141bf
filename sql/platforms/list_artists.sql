-- one row per artist that a platform's export is about, as stored.
--
-- reads:   core.platform_facts
select distinct subject_id
from core.platform_facts
where subject = 'artist'
order by subject_id
