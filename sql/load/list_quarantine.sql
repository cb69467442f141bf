-- one row per reason for a quarantined row, by feed and week.
--
-- reads:   raw.quarantine, raw.exports, raw.platform_quarantine, raw.platform_exports
-- params:  $feed varchar (null for every feed), $most bigint
-- units:   rows_count is how many there are in all; refused_because is why the export was refused
--          whole, null where it was not; an export of a platform has its format for a feed
-- order:   rows with a reason of their own before those of an export that was refused whole
with rejected as (
    select
        exports.feed,
        exports.week,
        exports.file_name,
        exports.status,
        quarantine.line,
        quarantine.column_name,
        quarantine.reason,
        exports.cause as refused_because,
        quarantine.raw_text
    from raw.quarantine as quarantine
    inner join raw.exports as exports on quarantine.sha256 = exports.sha256
    union all by name
    select
        exports.format as feed,
        null::date as week,
        exports.file_name,
        exports.status,
        quarantine.line,
        quarantine.column_name,
        quarantine.reason,
        if(exports.status = 'refused', exports.reason, null) as refused_because,
        quarantine.raw_text
    from raw.platform_quarantine as quarantine
    inner join raw.platform_exports as exports on quarantine.sha256 = exports.sha256
)

select
    feed,
    week,
    file_name,
    status,
    line,
    column_name,
    reason,
    refused_because,
    raw_text,
    count(*) over () as rows_count
from rejected
where $feed is null or feed = $feed
order by
    reason = 'export_refused' asc,
    week desc,
    feed asc,
    file_name asc,
    line asc,
    column_name asc
limit $most;
