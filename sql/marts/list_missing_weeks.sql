-- one row per feed that lacks weeks, the last one before each gap listed oldest first.
--
-- reads:   core.weeks, ml.drift_weeks
-- units:   a week that comes up to three days off its cadence is none that lacks, and neither is
--          one that is quarantined; a feed's newest week is compared with the newest of all feeds
with arrived as (
    select
        feed,
        week
    from core.weeks
    union
    select
        feed,
        week
    from ml.drift_weeks
    where decision = 'quarantine'
),

followed as (
    select
        feed,
        week,
        coalesce(
            lead(week) over (partition by feed order by week), max(week) over ()
        ) as next_week
    from arrived
)

select
    feed,
    list(cast(week as varchar) order by week) as weeks_before_gaps
from followed
where next_week - week > 10
group by feed
order by feed
