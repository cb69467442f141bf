-- one row per export that was refused or unloaded and whose file still lies in the landing folder.
--
-- reads:   raw.exports, raw.landing_files
-- order:   that of their arrival, so that a correction follows what it corrects
-- params:  $feed varchar (null for every feed)
select
    exports.sha256,
    exports.feed,
    exports.region,
    exports.week,
    exports.file_name,
    min(files.path) as path
from raw.exports as exports
inner join raw.landing_files as files on exports.sha256 = files.sha256
where
    exports.status in ('refused', 'unloaded')
    and ($feed is null or exports.feed = $feed)
group by
    exports.sha256,
    exports.feed,
    exports.region,
    exports.week,
    exports.file_name,
    exports.arrival_number
order by exports.feed, exports.week, exports.arrival_number;
