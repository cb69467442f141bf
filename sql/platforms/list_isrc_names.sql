-- one row per ISRC under which songs of different titles came.
--
-- reads:   core.own_spellings
-- units:   names are "artist: title", each as written; titles that differ in marks, brackets or
--          guests alone are the same
select
    isrc,
    list_sort(list_distinct(list(concat_ws(': ', artist, title)))) as names
from core.own_spellings
where isrc is not null and title is not null
group by isrc
having count(distinct title_loose) > 1
order by isrc
