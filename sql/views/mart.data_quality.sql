-- mart.data_quality: one row per (feed, week) that an export, a load or a drift verdict names.
--
-- reads:   raw.exports, mart.weeks, ml.drift_weeks
-- units:   rows_read, loaded, duplicate and quarantined are rows, the last three adding up to the
--          first; damaged_text_count and falling_counter_count are cells. They sum over the
--          exports that count: superseded and unloaded ones are listed by name only. file_names
--          and statuses run in parallel, oldest first. rows_count, is_scored and is_stale are
--          null where the week holds no rows, drift_decision where drift was not judged.
with arrived as (
    select
        feed,
        week,
        count(*) as exports_count,
        list(file_name order by arrival_number) as file_names,
        list(status order by arrival_number) as statuses,
        arg_max(status, arrival_number) as latest_status
    from raw.exports
    group by feed, week
),

counted as (
    select
        feed,
        week,
        cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(loaded) as bigint) as loaded,
        cast(sum(duplicate) as bigint) as duplicate,
        cast(sum(quarantined) as bigint) as quarantined,
        cast(sum(damaged_text_count) as bigint) as damaged_text_count,
        cast(sum(falling_counter_count) as bigint) as falling_counter_count
    from raw.exports
    where status not in ('superseded', 'unloaded')
    group by feed, week
),

known as (
    select
        feed,
        week
    from arrived
    union
    select
        feed,
        week
    from mart.weeks
    union
    select
        feed,
        week
    from ml.drift_weeks
)

select
    known.feed,
    known.week,
    arrived.file_names,
    arrived.statuses,
    arrived.latest_status,
    weeks.rows_count,
    weeks.is_scored,
    weeks.is_stale,
    weeks.stale_because,
    drift.decision as drift_decision,
    drift.reasons as drift_reasons,
    coalesce(arrived.exports_count, 0) as exports_count,
    coalesce(counted.rows_read, 0) as rows_read,
    coalesce(counted.loaded, 0) as loaded,
    coalesce(counted.duplicate, 0) as duplicate,
    coalesce(counted.quarantined, 0) as quarantined,
    coalesce(counted.damaged_text_count, 0) as damaged_text_count,
    coalesce(counted.falling_counter_count, 0) as falling_counter_count
from known
left join arrived
    on
        known.feed is not distinct from arrived.feed
        and known.week is not distinct from arrived.week
left join counted
    on
        known.feed is not distinct from counted.feed
        and known.week is not distinct from counted.week
left join mart.weeks as weeks on known.feed = weeks.feed and known.week = weeks.week
left join ml.drift_weeks as drift on known.feed = drift.feed and known.week = drift.week
order by known.feed, known.week
