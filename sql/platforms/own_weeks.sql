-- one row per (week, own song) with streams on Spotify in that whole week.
--
-- reads:   mart.platform_weeks
-- units:   counts of the week, rounded; null where the platform says nothing
with numbers as (
    select
        own_track_id,
        week,
        any_value(title) as title,
        any_value(artist_name) as artist_name,
        max(value) filter (where platform = 'spotify' and metric = 'streams') as streams,
        max(value) filter (where platform = 'apple_music' and metric = 'plays') as plays,
        max(value) filter (where platform = 'apple_music' and metric = 'shazams') as shazams
    from mart.platform_weeks
    where is_own and part is null
    group by own_track_id, week
)

select
    own_track_id,
    title,
    artist_name,
    week,
    cast(round(streams) as bigint) as spotify_streams,
    cast(round(plays) as bigint) as apple_music_plays,
    cast(round(shazams) as bigint) as shazams
from numbers
where streams is not null
order by week, own_track_id
