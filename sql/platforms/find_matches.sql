-- one row per pair of songs that may be the same one.
--
-- reads:   core.own_spellings, core.own_tracks
-- units:   is_certain where artist and title are written the same, one of the two has an ISRC and
--          no other song of that name has another; likeness is the Jaro-Winkler similarity of the
--          titles (Winkler 1990), null where they are compared otherwise. Pairs of two public
--          songs, of two ISRCs whose names differ, and near titles with other numbers are left out.
with spelled as (
    select distinct
        spellings.own_track_id,
        spellings.isrc,
        spellings.artist_key,
        spellings.title_key,
        spellings.artist_loose,
        spellings.title_loose,
        spellings.versions,
        tracks.is_own,
        regexp_extract_all(spellings.title_key, '[0-9]+') as numbers
    from core.own_spellings as spellings
    inner join core.own_tracks as tracks on spellings.own_track_id = tracks.own_track_id
    where spellings.title_key is not null
),

isrcs as (
    select
        artist_key,
        title_key,
        count(distinct isrc) as isrcs_count
    from spelled
    group by artist_key, title_key
),

same_name as (
    select
        one.own_track_id as one_id,
        other.own_track_id as other_id,
        1.0 as likeness,
        if(
            one.isrc is not null and other.isrc is not null,
            'one name, two ISRCs',
            'one name, several ISRCs'
        ) as because,
        isrcs.isrcs_count = 1 and (one.isrc is null or other.isrc is null) as is_certain
    from spelled as one
    inner join spelled as other
        on
            one.artist_key = other.artist_key
            and one.title_key = other.title_key
            and one.own_track_id < other.own_track_id
    inner join isrcs on one.artist_key = isrcs.artist_key and one.title_key = isrcs.title_key
    where one.is_own or other.is_own
),

like_name as (
    select
        one.own_track_id as one_id,
        other.own_track_id as other_id,
        null::double as likeness,
        false as is_certain,
        if(
            one.versions = other.versions,
            'written differently',
            'one may be another version: '
            || concat_ws(' / ', nullif(one.versions, ''), nullif(other.versions, ''))
        ) as because
    from spelled as one
    inner join spelled as other
        on
            one.artist_loose = other.artist_loose
            and one.title_loose = other.title_loose
            and one.own_track_id < other.own_track_id
    where
        (one.is_own or other.is_own)
        and (one.isrc is null or other.isrc is null)
        and (one.artist_key <> other.artist_key or one.title_key <> other.title_key)
),

no_artist as (
    select
        'one has no artist' as because,
        null::double as likeness,
        false as is_certain,
        least(one.own_track_id, other.own_track_id) as one_id,
        greatest(one.own_track_id, other.own_track_id) as other_id
    from spelled as one
    inner join spelled as other on one.title_loose = other.title_loose
    where
        (one.is_own or other.is_own)
        and (one.isrc is null or other.isrc is null)
        and one.artist_key is null
        and other.artist_key is not null
        and one.own_track_id <> other.own_track_id
),

near_title as (
    select
        'titles nearly the same' as because,
        false as is_certain,
        least(one.own_track_id, other.own_track_id) as one_id,
        greatest(one.own_track_id, other.own_track_id) as other_id,
        jaro_winkler_similarity(one.title_key, other.title_key) as likeness
    from spelled as one
    inner join spelled as other
        on
            one.artist_key = other.artist_key
            and one.title_key < other.title_key
            and one.own_track_id <> other.own_track_id
    where
        (one.is_own or other.is_own)
        and (one.isrc is null or other.isrc is null)
        and one.numbers = other.numbers
        and one.versions = other.versions
        and abs(length(one.title_key) - length(other.title_key)) <= 6
        and jaro_winkler_similarity(left(one.title_key, 200), left(other.title_key, 200)) >= 0.94
),

found as (
    from same_name
    union all by name
    from like_name
    union all by name
    from no_artist
    union all by name
    from near_title
)

select
    one_id,
    other_id,
    arg_max(because, (is_certain, because like 'one name%', because like 'written%', because))
        as because,
    max(likeness) as likeness,
    bool_or(is_certain) as is_certain
from found
group by one_id, other_id
order by one_id, other_id
