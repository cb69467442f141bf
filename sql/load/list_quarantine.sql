-- one row per reason for a quarantined row, by feed and week.
--
-- reads:   raw.quarantine, raw.exports
-- params:  $feed varchar (null for every feed), $most bigint
-- units:   rows_count is how many there are in all; refused_because is why the export was refused
--          whole, null where it was not
-- order:   rows with a reason of their own before those of an export that was refused whole
select
    exports.feed,
    exports.week,
    exports.file_name,
    exports.status,
    rejected.line,
    rejected.column_name,
    rejected.reason,
    exports.cause as refused_because,
    rejected.raw_text,
    count(*) over () as rows_count
from raw.quarantine as rejected
inner join raw.exports as exports on rejected.sha256 = exports.sha256
where $feed is null or exports.feed = $feed
order by
    rejected.reason = 'export_refused' asc,
    exports.week desc,
    exports.feed asc,
    exports.file_name asc,
    rejected.line asc,
    rejected.column_name asc
limit $most;
