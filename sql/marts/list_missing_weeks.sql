-- one row per feed that lacks weeks, the last loaded one before each gap listed oldest first.
--
-- reads:   core.weeks
-- units:   a week that comes up to three days off its cadence is none that lacks; a feed's newest
--          week is compared with the newest of all feeds
with followed as (
    select
        feed,
        week,
        coalesce(
            lead(week) over (partition by feed order by week), max(week) over ()
        ) as next_week
    from core.weeks
)

select
    feed,
    list(cast(week as varchar) order by week) as weeks_before_gaps
from followed
where next_week - week > 10
group by feed
order by feed
