-- how many numbers of each file do not count, since another file says them, too.
--
-- reads:   core.platform_facts, core.own_tracks, core.platform_values
-- params:  $sha256s varchar[] (SHA-256 of the files)
with facts as (
    select
        sha256,
        subject,
        subject_id,
        grain,
        sums_to,
        period_end,
        statement_day,
        store,
        country,
        part,
        metric
    from core.platform_facts
    where list_contains($sha256s, sha256)
),

said as (
    select distinct
        facts.sha256,
        facts.subject,
        facts.grain,
        facts.sums_to,
        facts.period_end,
        facts.statement_day,
        facts.store,
        facts.country,
        facts.part,
        facts.metric,
        coalesce(tracks.same_as, facts.subject_id) as subject_id
    from facts
    left join core.own_tracks as tracks
        on facts.subject = 'track' and facts.subject_id = tracks.own_track_id
),

said_counts as (
    select
        sha256,
        count(*) as numbers_count
    from said
    group by sha256
),

counting as (
    select
        sha256,
        count(*) as numbers_count
    from core.platform_values
    group by sha256
)

select
    said_counts.sha256,
    said_counts.numbers_count - coalesce(counting.numbers_count, 0) as outdone_count
from said_counts
left join counting on said_counts.sha256 = counting.sha256
order by said_counts.sha256
