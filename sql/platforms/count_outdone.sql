-- how many numbers of each file do not count, since another file says them, too; a song's names,
-- which a decision may join or part, have a number each.
--
-- reads:   core.platform_numbers, core.own_artists, mart.platform_weeks, mart.artist_weeks
-- units:   numbers of a week that the weekly tables take from elsewhere are among them: of a
--          platform's own weeks, and of those and days, a week has one
with taken as (
    select
        'track' as subject,
        own_track_id as subject_id,
        week,
        platform,
        part,
        metric,
        format,
        period_end
    from mart.platform_weeks
    union all
    select
        'artist' as subject,
        artists.artist_key as subject_id,
        weeks.week,
        weeks.platform,
        weeks.part,
        weeks.metric,
        weeks.format,
        weeks.week as period_end
    from mart.artist_weeks as weeks
    inner join core.own_artists as artists on weeks.artist_name = artists.artist_name
),

judged as (
    select
        numbers.sha256,
        numbers.is_counted
        and (
            taken.format is null
            or (
                numbers.format = taken.format
                and (numbers.grain = 'day' or numbers.period_end = taken.period_end)
            )
        ) as is_taken
    from core.platform_numbers as numbers
    left join taken
        on
            numbers.subject = taken.subject
            and numbers.subject_id = taken.subject_id
            and numbers.week = taken.week
            and numbers.platform = taken.platform
            and numbers.part is not distinct from taken.part
            and numbers.metric = taken.metric
)

select
    sha256,
    count(*) filter (where not is_taken) as outdone_count
from judged
group by sha256
order by sha256
