-- one row per export of a week that is kept out as implausible, and why.
--
-- reads:   raw.exports
-- params:  $feed varchar, $week date
select
    file_name,
    cause
from raw.exports
where
    feed = $feed and week = $week
    and status = 'refused' and reason = 'implausible' and cause is not null
order by file_name, sha256;
