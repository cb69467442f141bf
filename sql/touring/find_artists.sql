-- one row per (feed, artist_name) whose name is like the one asked for, the likest first.
--
-- reads:   mart.artist_songs
-- params:  $artist varchar, $feeds varchar[] (those that are meant), $most bigint (in each of them)
-- units:   likeness is the Jaro-Winkler similarity of the first 200 signs, 1 the same; is_asked
--          where the names are the same but for case and blanks around; is_joint where the name
--          asked for is one of several; feeds that are not meant have the name asked for alone
with artists as (
    select
        feed,
        region,
        artist_name,
        count(distinct song_key) as songs_count,
        lower(trim(artist_name)) as name_key,
        lower(trim($artist)) as asked_key
    from mart.artist_songs
    group by feed, region, artist_name
),

compared as (
    select
        feed,
        region,
        artist_name,
        songs_count,
        name_key = asked_key as is_asked,
        name_key <> asked_key
        and asked_key <> ''
        and contains(', ' || name_key || ',', ', ' || asked_key || ',') as is_joint,
        jaro_winkler_similarity(left(name_key, 200), left(asked_key, 200)) as likeness
    from artists
)

select
    feed,
    region,
    artist_name,
    songs_count,
    is_asked,
    is_joint,
    likeness
from compared
where is_asked or list_contains(cast($feeds as varchar[]), feed)
qualify
    row_number() over (
        partition by feed
        order by is_asked desc, is_joint desc, likeness desc, songs_count desc, artist_name asc
    ) <= $most
order by is_asked desc, is_joint desc, likeness desc, songs_count desc, artist_name asc, feed asc
