-- one row per export that was refused whole, and why.
--
-- reads:   raw.exports
-- params:  $feed varchar (null for every feed)
select
    feed,
    week,
    file_name,
    coalesce(cause, reason) as refused_because
from raw.exports
where status = 'refused' and ($feed is null or feed = $feed)
order by feed, week, file_name;
