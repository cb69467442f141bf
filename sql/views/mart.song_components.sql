-- mart.song_components: one row per (feed, artist_name, song_key, component) that is known.
--
-- reads:   mart.artist_songs, mart.current_metrics, mart.metric_facets
-- units:   strength is the song's place among the artist's songs of that feed and week, as a
--          mid-percentile in (0, 1): the share of them below it plus half of its ties, so
--          that every component has the same mean and nearly the same spread. Of each metric, a
--          song has the best of its versions. breadth is the mean over the platforms that report
--          on any of the artist's songs, and one that does not report on the song counts 0: it is
--          what is shown. Any other component that is not reported is unknown and has no row.
--          Decimals add up to the same in any order.
with measured as (
    unpivot mart.current_metrics
    on cast(columns(* exclude (feed, week, track_id)) as double)
    into name metric value value
),

reported as (
    select
        songs.feed,
        songs.week,
        songs.artist_name,
        songs.song_key,
        facets.component,
        facets.source,
        measured.metric,
        measured.value * facets.direction as value
    from measured
    inner join mart.artist_songs as songs
        on
            measured.feed = songs.feed
            and measured.week = songs.week
            and measured.track_id = songs.track_id
    inner join mart.metric_facets as facets
        on songs.format = facets.format and measured.metric = facets.metric
    union all
    select
        feed,
        week,
        artist_name,
        song_key,
        'staying' as component,
        'potential' as source,
        'weeks_high_count' as metric,
        weeks_high_count as value
    from mart.artist_songs
    where window_weeks_count >= 4
    union all
    select
        feed,
        week,
        artist_name,
        song_key,
        'momentum' as component,
        'potential' as source,
        'momentum_change' as metric,
        momentum_change as value
    from mart.artist_songs
    where momentum_change is not null
    union all
    select
        feed,
        week,
        artist_name,
        song_key,
        'potential' as component,
        'potential' as source,
        'score' as metric,
        score as value
    from mart.artist_songs
),

by_song as (
    select
        feed,
        week,
        artist_name,
        song_key,
        component,
        source,
        metric,
        max(value) as value
    from reported
    group by feed, week, artist_name, song_key, component, source, metric
),

counted as (
    select
        feed,
        week,
        artist_name,
        song_key,
        component,
        source,
        rank() over (partition by feed, artist_name, component, metric order by value asc) - 1
            as below_count,
        count(*) over (partition by feed, artist_name, component, metric, value) as ties_count,
        count(*) over (partition by feed, artist_name, component, metric) as known_count
    from by_song
),

by_metric as (
    select
        feed,
        week,
        artist_name,
        song_key,
        component,
        source,
        cast((below_count + ties_count / 2) / known_count as decimal(18, 12)) as place
    from counted
),

by_source as (
    select
        feed,
        week,
        artist_name,
        song_key,
        component,
        source,
        cast(avg(place) as decimal(18, 12)) as place
    from by_metric
    group by feed, week, artist_name, song_key, component, source
),

counted_sources as (
    select
        feed,
        week,
        artist_name,
        song_key,
        component,
        place,
        count(distinct source) over (partition by feed, artist_name, component) as sources_count
    from by_source
),

by_component as (
    select
        feed,
        week,
        artist_name,
        song_key,
        component,
        sum(place) / if(component = 'breadth', max(sources_count), count(*)) as place
    from counted_sources
    group by feed, week, artist_name, song_key, component
),

ranked as (
    select
        feed,
        week,
        artist_name,
        song_key,
        component,
        rank() over (partition by feed, artist_name, component order by place asc) - 1
            as songs_below_count,
        count(*) over (partition by feed, artist_name, component, place) as ties_count,
        count(*) over (partition by feed, artist_name, component) as songs_known_count
    from by_component
)

select
    feed,
    week,
    artist_name,
    song_key,
    component,
    songs_below_count,
    songs_known_count,
    (songs_below_count + ties_count / 2) / songs_known_count as strength
from ranked
order by feed, artist_name, song_key, component
