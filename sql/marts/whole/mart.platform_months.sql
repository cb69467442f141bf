-- mart.platform_months: one row per (subject, own_track_id or artist_name, month, platform, store,
-- country, part, metric), what sales reports and monthly exports say.
--
-- reads:   core.platform_values, core.own_tracks, core.own_artists
-- units:   month is its last day; value is of the unit beside it, negative where more was taken
--          back than sold; statements of several months add up
select
    found.subject,
    tracks.isrc,
    tracks.title,
    found.platform,
    found.store,
    found.country,
    found.part,
    found.metric,
    found.unit,
    found.format,
    if(found.subject = 'track', found.subject_id, null) as own_track_id,
    coalesce(tracks.artist, artists.artist_name) as artist_name,
    last_day(found.period_end) as month,
    sum(found.value) as value
from core.platform_values as found
left join core.own_tracks as tracks
    on found.subject = 'track' and found.subject_id = tracks.own_track_id
left join core.own_artists as artists
    on found.subject = 'artist' and found.subject_id = artists.artist_key
where found.sums_to = 'month'
group by all
order by
    found.subject,
    own_track_id,
    artist_name,
    month,
    found.platform,
    found.store,
    found.country,
    found.part,
    found.metric
