-- raw.exports: the files of a week, in the order of their arrival.
--
-- reads:   raw.exports
-- params:  $feed varchar, $week date
select
    file_name,
    arrival,
    status,
    reason,
    rows_read,
    loaded,
    duplicate,
    quarantined
from raw.exports
where feed = $feed and week = $week
order by arrival_number
