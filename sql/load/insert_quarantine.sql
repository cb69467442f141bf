-- raw.quarantine: one row per reason for a rejected row.
--
-- reads:   bad_rows (a registered frame: line, column_name, reason, raw_text)
-- params:  $sha256 varchar
insert into raw.quarantine (sha256, line, column_name, reason, raw_text)
select
    $sha256 as sha256,
    line,
    column_name,
    reason,
    raw_text
from bad_rows
order by line, column_name;
