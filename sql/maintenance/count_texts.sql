-- one row: how many texts of rejected rows are older than a time, and how many bytes they take.
--
-- reads:   raw.quarantine, raw.exports
-- params:  $before timestamptz
select
    count(*) as texts_count,
    coalesce(sum(strlen(rejected.raw_text)), 0) as size_bytes
from raw.quarantine as rejected
inner join raw.exports as exports on rejected.sha256 = exports.sha256
where
    rejected.raw_text is not null
    and exports.loaded_at < $before
