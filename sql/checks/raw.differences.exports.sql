-- raw.differences.exports: one row per correction whose exports are unknown.
--
-- holds:   both exports of each difference in raw.exports
-- remedy:  `songpop unload FEED WEEK`, then `songpop quarantine retry`
-- reads:   raw.differences, raw.exports
with corrections as (
    select distinct
        sha256,
        replaces_sha256
    from raw.differences
)

select
    corrections.sha256,
    corrections.replaces_sha256
from corrections
left join raw.exports as newer on corrections.sha256 = newer.sha256
left join raw.exports as older on corrections.replaces_sha256 = older.sha256
where newer.sha256 is null or older.sha256 is null
order by corrections.sha256, corrections.replaces_sha256
