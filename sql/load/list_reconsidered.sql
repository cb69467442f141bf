-- one row per export that was refused as implausible and is judged anew by a run or a backfill:
-- somebody accepted it, or a backfill comes past its week, which holds no rows.
--
-- reads:   raw.exports, core.accepted_weeks, core.weeks
-- params:  $with_empty_weeks boolean
select exports.sha256
from raw.exports as exports
left join core.accepted_weeks as accepted
    on exports.feed = accepted.feed and exports.week = accepted.week
left join core.weeks as loaded
    on exports.feed = loaded.feed and exports.week = loaded.week
where
    exports.status = 'refused' and exports.reason = 'implausible'
    and (
        coalesce(list_contains(accepted.sha256s, exports.sha256), false)
        or ($with_empty_weeks and loaded.week is null)
    )
order by exports.sha256;
