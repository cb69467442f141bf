-- mart.artist_songs: one row per (feed, artist_name, track_id) of each feed's newest scored week.
--
-- reads:   mart.weekly_scores, mart.weeks, raw.exports
-- units:   song_key is the title in small letters without what names a version of it: a bracket,
--          or the words after a last dash, that end in remix, version and the like or begin with
--          live at, feat. and the like, or that a title that was cut never closes; a null title is
--          a song of its own. weeks_* count the last 8 scored weeks; momentum_change is the gain in
--          percentile over 4 scored weeks, null for a track that was not scored then. region
--          is what the feed's newest export that has one says, whatever the feed is called.
with ordered as (
    select
        feed,
        week,
        format,
        row_number() over (partition by feed order by week desc) as age_rank
    from mart.weeks
    where is_scored
),

recent as (
    select
        feed,
        week,
        format,
        age_rank,
        count(*) over (partition by feed) as window_weeks_count
    from ordered
    where age_rank <= 8
),

standing as (
    select
        scores.feed,
        scores.track_id,
        count(*) as weeks_scored_count,
        count(*) filter (where scores.potential = 'high') as weeks_high_count,
        max(scores.percentile) filter (where recent.age_rank = 1)
        - max(scores.percentile) filter (where recent.age_rank = 5) as momentum_change
    from mart.weekly_scores as scores
    inner join recent on scores.feed = recent.feed and scores.week = recent.week
    group by scores.feed, scores.track_id
),

current_tracks as (
    select
        scores.feed,
        scores.week,
        scores.artist_name,
        scores.track_id,
        scores.title,
        scores.score,
        scores.potential,
        recent.format,
        recent.window_weeks_count,
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    lower(scores.title),
                    '\s*[(\[](?:live|(?:[^()\[\]]*\b)?(?:remix|mix|version|edit|remaster|remastered'
                    || '|demo|instrumental|karaoke|acoustic|sped up|slowed|nightcore|ver)\.?'
                    || '|(?:live (?:at|from|in|on|session|sessions)|remaster|remastered|re-recorded'
                    || '|slowed|sped up|acoustic|from the vault|feat|ft|featuring|with)\b'
                    || '[^()\[\]]*)[)\]]',
                    '',
                    'g'
                ),
                '\s+-\s+(?:live|(?:[^-]*\b)?(?:remix|mix|version|edit|remaster|remastered|demo'
                || '|instrumental|karaoke|acoustic|sped up|slowed|nightcore|ver)\.?'
                || '|(?:live (?:at|from|in|on|session|sessions)|remaster|remastered|re-recorded'
                || '|slowed|sped up|acoustic)\b[^-]*)$',
                ''
            ),
            '\s*[(\[][^()\[\]]*$',
            ''
        ) as bare_title
    from mart.weekly_scores as scores
    inner join recent
        on
            scores.feed = recent.feed
            and scores.week = recent.week
            and recent.age_rank = 1
    where scores.artist_name is not null
),

regions as (
    select
        feed,
        arg_max(region, (week, arrival_number)) as region
    from raw.exports
    where status = 'loaded' and region is not null
    group by feed
)

select
    tracks.feed,
    tracks.format,
    tracks.week,
    tracks.artist_name,
    tracks.track_id,
    tracks.title,
    tracks.score,
    tracks.potential,
    standing.weeks_high_count,
    standing.weeks_scored_count,
    tracks.window_weeks_count,
    standing.momentum_change,
    regions.region,
    coalesce(
        nullif(trim(regexp_replace(tracks.bare_title, '\s+', ' ', 'g')), ''),
        lower(tracks.title),
        tracks.track_id
    ) as song_key
from current_tracks as tracks
inner join standing on tracks.feed = standing.feed and tracks.track_id = standing.track_id
left join regions on tracks.feed = regions.feed
order by tracks.feed, tracks.artist_name, tracks.track_id
