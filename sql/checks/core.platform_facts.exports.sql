-- core.platform_facts.exports: one row per file whose facts are not those of its loaded rows.
--
-- holds:   facts of loaded files alone, on at most as many lines as were loaded, in known words
-- remedy:  `songpop platforms unload FILE`, then `songpop platforms load` it again
-- reads:   core.platform_facts, raw.platform_exports
-- units:   a loaded row whose cells are empty has no facts
with facts as (
    select
        sha256,
        count(distinct line) as lines_count,
        bool_and(
            isfinite(value)
            and subject in ('track', 'artist')
            and grain in ('day', 'week', 'month')
            and sums_to in ('week', 'month')
            and combined in ('sum', 'last', 'mean')
            and (sums_to = 'week') = (week is not null)
        ) as is_sound
    from core.platform_facts
    group by sha256
)

select
    facts.sha256,
    exports.file_name,
    exports.status,
    exports.loaded,
    facts.lines_count,
    facts.is_sound
from facts
left join raw.platform_exports as exports on facts.sha256 = exports.sha256
where
    exports.status is distinct from 'loaded'
    or facts.lines_count > exports.loaded
    or not facts.is_sound
order by facts.sha256
