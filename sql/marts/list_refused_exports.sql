-- one row per feed with refused exports, whose file names are listed in the order of arrival.
--
-- reads:   raw.exports, ml.drift_weeks, core.weeks
-- units:   those of weeks that are quarantined and hold no rows are left out: the weeks are told;
--          so are those after which another export of the week was let in: they were mended
select
    exports.feed,
    list(exports.file_name order by exports.loaded_at, exports.sha256) as file_names
from raw.exports as exports
left join core.weeks as loaded
    on exports.feed = loaded.feed and exports.week = loaded.week
left join ml.drift_weeks as decided
    on
        exports.feed = decided.feed
        and exports.week = decided.week
        and decided.decision = 'quarantine'
where
    exports.status = 'refused'
    and (loaded.week is not null or decided.week is null)
    and not exists (
        select 1
        from raw.exports as mended
        where
            mended.feed = exports.feed and mended.week = exports.week
            and mended.status <> 'refused'
            and mended.arrival_number > exports.arrival_number
    )
group by exports.feed
order by exports.feed
