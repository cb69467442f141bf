-- one row per (export, reason): how many rows a run's exports lost to the quarantine, and why.
--
-- reads:   raw.quarantine, raw.exports
-- params:  $run_id varchar
select
    exports.feed,
    exports.week,
    exports.file_name,
    exports.status,
    rejected.reason,
    count(distinct rejected.line) as rows_count,
    min(rejected.line) as first_line
from raw.quarantine as rejected
inner join raw.exports as exports on rejected.sha256 = exports.sha256
where exports.run_id = $run_id
group by exports.feed, exports.week, exports.file_name, exports.status, rejected.reason
order by exports.feed, exports.week, exports.file_name, rejected.reason;
