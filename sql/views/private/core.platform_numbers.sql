-- core.platform_numbers: one row per number that a file says, whether it counts or not.
--
-- reads:   core.platform_facts, raw.platform_exports, core.own_tracks
-- units:   rows of one file, name and key are added up where its format does so; is_counted: of
--          several files that say it, the one that reaches furthest counts, then the one that came
--          last, for platforms restate their last days. Two files say the same number where song,
--          period, store, country, metric and these agree:
--          statement   the day on which the sale was reported; between two layouts, which may
--                      date one statement differently, its month
--          part        as exported; of a statement, a file without parts of it has them all
--          name        the song as the files name it; another name of one song is another spelling
--                      of it, unless a file says numbers of both beside each other
with summed as (
    select
        exports.platform,
        exports.format,
        exports.layout,
        exports.last_day,
        exports.arrival_number,
        facts.sha256,
        facts.subject,
        facts.subject_id as name_id,
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
        exports.layout,
        exports.last_day,
        exports.arrival_number,
        facts.sha256,
        facts.subject,
        facts.subject_id,
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
),

-- Numbered once: what is outdone is looked for among the same rows.
ranked as materialized (
    select
        *,
        row_number() over () as number_id,
        row_number() over (
            partition by
                platform,
                format,
                subject,
                subject_id,
                name_id,
                grain,
                sums_to,
                period_end,
                statement_day,
                store,
                country,
                part,
                metric
            order by last_day desc, arrival_number desc
        ) = 1 as is_newest
    from summed
),

several_names as (
    select distinct same_as as subject_id
    from core.own_tracks
    where own_track_id <> same_as
),

-- Only statements and songs of several names can agree where they are not the same in all of it.
keyed as (
    select
        ranked.*,
        struct_pack(
            platform := ranked.platform,
            format := ranked.format,
            subject := ranked.subject,
            subject_id := ranked.subject_id,
            grain := ranked.grain,
            sums_to := ranked.sums_to,
            period_end := ranked.period_end,
            statement_month := date_trunc('month', ranked.statement_day),
            store := ranked.store,
            country := ranked.country,
            metric := ranked.metric
        ) as said,
        struct_pack(last_day := ranked.last_day, arrival_number := ranked.arrival_number) as reach
    from ranked
    left join several_names
        on ranked.subject = 'track' and ranked.subject_id = several_names.subject_id
    where ranked.statement_day is not null or several_names.subject_id is not null
),

contested as (
    select said
    from keyed
    where is_newest
    group by said
    having min(sha256) <> max(sha256)
),

candidates as (
    select
        keyed.*,
        bool_or(keyed.part is not null) over (partition by keyed.sha256, keyed.said) as has_parts
    from keyed
    semi join contested on keyed.said = contested.said
),

beside as (
    select distinct
        one.said,
        one.name_id,
        other.name_id as other_name_id
    from candidates as one
    inner join candidates as other
        on one.sha256 = other.sha256 and one.said = other.said and one.name_id <> other.name_id
),

outdone as (
    select distinct older.number_id
    from candidates as older
    inner join candidates as newer
        on older.said = newer.said and older.reach < newer.reach
    left join beside
        on
            older.said = beside.said
            and older.name_id = beside.name_id
            and newer.name_id = beside.other_name_id
    where
        older.is_newest
        and newer.is_newest
        and beside.name_id is null
        and (
            older.statement_day is not distinct from newer.statement_day
            or older.layout <> newer.layout
        )
        and (
            older.part is not distinct from newer.part
            or (older.statement_day is not null and older.has_parts <> newer.has_parts)
        )
)

select
    ranked.platform,
    ranked.format,
    ranked.subject,
    ranked.subject_id,
    ranked.name_id,
    ranked.grain,
    ranked.sums_to,
    ranked.period_end,
    ranked.week,
    ranked.statement_day,
    ranked.store,
    ranked.country,
    ranked.part,
    ranked.metric,
    ranked.unit,
    ranked.combined,
    ranked.value,
    ranked.sha256,
    ranked.is_newest and outdone.number_id is null as is_counted
from ranked
left join outdone on ranked.number_id = outdone.number_id
