-- one row: how the tracks of a scored week differ from those of the scored week before.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date, $previous_week date (null = there is none)
-- units:   counts of tracks; rose: low before, high now; fell: the other way round; new and gone:
--          scored in one of the two weeks only
with present as (
    select
        track_id,
        artist_name,
        potential
    from mart.weekly_scores
    where feed = $feed and week = $week
),

previous as (
    select
        track_id,
        potential
    from mart.weekly_scores
    where feed = $feed and week = $previous_week
)

select
    count(present.track_id) as tracks_count,
    count(*) filter (where present.potential = 'high') as high_count,
    count(*) filter (where previous.potential = 'high') as previous_high_count,
    count(*) filter (where present.potential = 'high' and previous.potential = 'low') as rose_count,
    count(*) filter (where present.potential = 'low' and previous.potential = 'high') as fell_count,
    count(*) filter (where previous.track_id is null) as new_count,
    count(*) filter (
        where previous.track_id is null and present.potential = 'high'
    ) as new_high_count,
    count(*) filter (where present.track_id is null) as gone_count,
    count(*) filter (
        where present.track_id is null and previous.potential = 'high'
    ) as gone_high_count,
    count(distinct present.artist_name) as artists_count
from present
full join previous on present.track_id = previous.track_id
