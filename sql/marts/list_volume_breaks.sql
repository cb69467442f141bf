-- one row per feed with weeks of an unusual number of rows, which are listed oldest first.
--
-- reads:   core.weeks
-- units:   unusual is over 30 % off the median of the eight loaded weeks before (of four at least)
with compared as (
    select
        feed,
        week,
        rows_count,
        median(rows_count) over before as usual_count,
        count(*) over before as before_count
    from core.weeks
    window before as (partition by feed order by week rows between 8 preceding and 1 preceding)
)

select
    feed,
    list(cast(week as varchar) order by week) as unusual_weeks
from compared
where before_count >= 4 and abs(rows_count - usual_count) > 0.3 * usual_count
group by feed
order by feed
