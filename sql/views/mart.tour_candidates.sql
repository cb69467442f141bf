-- mart.tour_candidates: one row per (feed, artist_name, song_key), a song's place in the set list.
--
-- reads:   mart.weekly_scores, mart.artist_songs, mart.song_components
-- units:   a song is shown by its version with the highest score. tour_score is the mean of the
--          strengths that are known, all of one weight; familiarity the mean of those that say how
--          known the song is: all but momentum and potential. Strengths are places among the
--          artist's songs, in (0, 1). staying_ratio is the share of the feed's last 8 scored weeks
--          in which the version was high. artist_rank counts from 1 within feed and artist.
--          role, the first that holds: null for an artist of fewer than 3 songs; 'do not play yet'
--          where nothing says how known the song is, or familiarity is below 1/3 and no version has
--          high potential; 'anthem' where familiarity is at least 2/3; 'riser' where momentum is
--          positive and its strength at least 2/3; else 'deep cut'.
with songs as (
    select
        feed,
        format,
        region,
        week,
        artist_name,
        song_key,
        arg_min(track_id, (-score, track_id)) as track_id,
        arg_min(weeks_high_count, (-score, track_id)) as weeks_high_count,
        arg_min(weeks_scored_count, (-score, track_id)) as weeks_scored_count,
        arg_min(weeks_high_count / window_weeks_count, (-score, track_id)) as staying_ratio,
        count(*) as versions_count,
        bool_or(potential = 'high') as is_high,
        max(momentum_change) as momentum_change,
        count(*) over (partition by feed, artist_name) as songs_count
    from mart.artist_songs
    group by feed, format, region, week, artist_name, song_key
),

worded as (
    select
        feed,
        artist_name,
        song_key,
        component,
        strength,
        case component
            when 'breadth' then 'breadth across platforms'
            when 'radio' then 'radio plays'
            when 'shazam' then 'Shazams'
            when 'demand' then 'streams this week'
            when 'peak' then 'best chart place'
            when 'staying' then 'staying power'
            else component
        end
        || if(
            songs_known_count = 1,
            ' known of this song alone',
            ' ahead of ' || songs_below_count || ' of ' || (songs_known_count - 1) || ' others'
        ) as told
    from mart.song_components
),

components as (
    select
        feed,
        artist_name,
        song_key,
        avg(cast(strength as decimal(18, 12))) as tour_score,
        avg(cast(strength as decimal(18, 12))) filter (
            where component not in ('momentum', 'potential')
        ) as familiarity,
        max(strength) filter (where component = 'breadth') as breadth,
        max(strength) filter (where component = 'radio') as radio,
        max(strength) filter (where component = 'shazam') as shazam,
        max(strength) filter (where component = 'demand') as demand,
        max(strength) filter (where component = 'peak') as peak,
        max(strength) filter (where component = 'staying') as staying,
        max(strength) filter (where component = 'momentum') as momentum,
        max(strength) filter (where component = 'potential') as promise,
        list(told order by strength desc, component asc) as told,
        list(told order by strength desc, component asc) filter (
            where component not in ('momentum', 'potential')
        ) as known_for
    from worded
    group by feed, artist_name, song_key
),

-- Not a join: a filter on the artist, of whatever form, reaches the metrics through a union alone.
halves as (
    select
        feed,
        artist_name,
        song_key,
        songs as song,
        null as part
    from songs
    union all
    select
        feed,
        artist_name,
        song_key,
        null as song,
        components as part
    from components
),

paired as (
    select
        feed,
        artist_name,
        song_key,
        any_value(song) as song,
        any_value(part) as part
    from halves
    group by feed, artist_name, song_key
),

judged as (
    select
        paired.feed,
        paired.artist_name,
        paired.song_key,
        song.region,
        song.week,
        song.track_id,
        song.versions_count,
        song.songs_count,
        song.weeks_high_count,
        song.weeks_scored_count,
        song.staying_ratio,
        song.momentum_change,
        part.tour_score,
        part.familiarity,
        part.breadth,
        part.radio,
        part.shazam,
        part.demand,
        part.peak,
        part.staying,
        part.momentum,
        part.promise,
        part.told,
        part.known_for,
        case
            when song.songs_count < 3 then null
            when part.familiarity is null then 'do not play yet'
            when part.familiarity < 1 / 3 and not song.is_high then 'do not play yet'
            when part.familiarity >= 2 / 3 then 'anthem'
            when part.momentum >= 2 / 3 and song.momentum_change > 0 then 'riser'
            else 'deep cut'
        end as role
    from paired
),

placed as (
    select
        judged.*,
        scores.title,
        scores.score,
        scores.outcome_low,
        scores.outcome_high,
        scores.potential,
        scores.is_provisional,
        scores.model_version,
        scores.reason_1_text,
        scores.model_warning,
        row_number() over (
            partition by judged.feed, judged.artist_name
            order by judged.tour_score desc, scores.score desc, judged.track_id asc
        ) as artist_rank,
        case
            when judged.role is null then 'fewer than 3 songs of the artist to compare'
            when judged.familiarity is null then 'nothing but its score is known'
            when judged.role = 'do not play yet'
                then array_to_string(list_reverse(judged.told)[:2], '; ')
            when judged.role = 'riser'
                then
                    'up ' || greatest(1, cast(round(100 * judged.momentum_change) as integer))
                    || ' points of rank in 4 weeks; ' || judged.told[1]
            when judged.role = 'anthem' then array_to_string(judged.known_for[:2], '; ')
            else array_to_string(judged.told[:2], '; ')
        end as reason
    from judged
    inner join mart.weekly_scores as scores
        on
            judged.feed = scores.feed
            and judged.week = scores.week
            and judged.track_id = scores.track_id
)

select
    feed,
    region,
    week,
    artist_name,
    artist_rank,
    track_id,
    title,
    role,
    reason,
    tour_score,
    familiarity,
    breadth,
    radio,
    shazam,
    demand,
    peak,
    staying,
    momentum,
    promise,
    momentum_change,
    song_key,
    versions_count,
    songs_count,
    score,
    outcome_low,
    outcome_high,
    potential,
    is_provisional,
    model_version,
    reason_1_text,
    model_warning,
    weeks_high_count,
    weeks_scored_count,
    staying_ratio
from placed
order by feed, artist_name, artist_rank
