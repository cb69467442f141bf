-- raw.platform_quarantine: the rows of one file that were kept aside.
--
-- reads:   bad_rows (a registered frame)
-- params:  $sha256 varchar
insert into raw.platform_quarantine by name
select
    $sha256 as sha256,
    line,
    column_name,
    reason,
    raw_text
from bad_rows
