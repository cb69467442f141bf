-- one row per export of a week that was kept out whole as implausible.
--
-- reads:   raw.exports
-- params:  $feed varchar, $week date
select
    sha256,
    file_name
from raw.exports
where feed = $feed and week = $week and status = 'refused' and reason = 'implausible'
order by arrival_number;
