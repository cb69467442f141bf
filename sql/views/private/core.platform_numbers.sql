-- core.platform_numbers: one row per number that a file says, whether it counts or not.
--
-- reads:   core.platform_facts, raw.platform_exports, core.own_tracks
-- units:   rows of one file and one key are added up where its format does so, and a song's rows
--          under all its names (names_count) are one; is_counted: of several files that say it, the
--          one that reaches furthest counts, then the one that came last, for platforms restate
--          their last days
with summed as (
    select
        exports.platform,
        exports.format,
        exports.last_day,
        exports.arrival_number,
        facts.sha256,
        facts.subject,
        facts.grain,
        facts.sums_to,
        facts.period_end,
        facts.week,
        facts.statement_day,
        facts.store,
        facts.country,
        facts.part,
        facts.metric,
        facts.unit,
        facts.combined,
        coalesce(tracks.same_as, facts.subject_id) as subject_id,
        count(distinct facts.subject_id) as names_count,
        case facts.combined
            when 'sum' then sum(facts.value)
            when 'mean' then avg(facts.value)
            else min(facts.value)
        end as value
    from core.platform_facts as facts
    inner join raw.platform_exports as exports on facts.sha256 = exports.sha256
    left join core.own_tracks as tracks
        on facts.subject = 'track' and facts.subject_id = tracks.own_track_id
    group by
        exports.platform,
        exports.format,
        exports.last_day,
        exports.arrival_number,
        facts.sha256,
        facts.subject,
        facts.grain,
        facts.sums_to,
        facts.period_end,
        facts.week,
        facts.statement_day,
        facts.store,
        facts.country,
        facts.part,
        facts.metric,
        facts.unit,
        facts.combined,
        coalesce(tracks.same_as, facts.subject_id)
)

select
    platform,
    format,
    subject,
    subject_id,
    grain,
    sums_to,
    period_end,
    week,
    statement_day,
    store,
    country,
    part,
    metric,
    unit,
    combined,
    value,
    sha256,
    names_count,
    row_number() over (
        partition by
            platform,
            format,
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
        order by last_day desc, arrival_number desc
    ) = 1 as is_counted
from summed
