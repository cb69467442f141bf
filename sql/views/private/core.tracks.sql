-- core.tracks: one row per track_id, as its latest week names it.
--
-- reads:   core.track_weeks
-- units:   where two feeds list a track in the same week, the feed that sorts last names it
with latest as (
    select
        track_id,
        arg_max(
            struct_pack(
                title := title,
                artist_name := artist_name,
                release_date := release_date,
                is_explicit := is_explicit,
                latest_week := week
            ),
            struct_pack(latest_week := week, feed := feed)
        ) as named
    from core.track_weeks
    group by track_id
)

select
    latest.track_id,
    latest.named.title,
    latest.named.artist_name,
    latest.named.release_date,
    latest.named.is_explicit,
    latest.named.latest_week
from latest
order by latest.track_id
