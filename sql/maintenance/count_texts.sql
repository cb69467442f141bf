-- one row: how many texts of rejected rows are older than a time, and how many bytes they take.
--
-- reads:   raw.quarantine, raw.exports, raw.platform_quarantine, raw.platform_exports
-- params:  $before timestamptz
with texts as (
    select rejected.raw_text
    from raw.quarantine as rejected
    inner join raw.exports as exports on rejected.sha256 = exports.sha256
    where exports.loaded_at < $before
    union all
    select rejected.raw_text
    from raw.platform_quarantine as rejected
    inner join raw.platform_exports as exports on rejected.sha256 = exports.sha256
    where exports.loaded_at < $before
)

select
    count(*) as texts_count,
    coalesce(sum(strlen(raw_text)), 0) as size_bytes
from texts
where raw_text is not null
