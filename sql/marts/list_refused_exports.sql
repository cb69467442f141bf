-- one row per feed with refused exports, whose file names are listed in the order of arrival.
--
-- reads:   raw.exports
select
    feed,
    list(file_name order by loaded_at, sha256) as file_names
from raw.exports
where status = 'refused'
group by feed
order by feed
