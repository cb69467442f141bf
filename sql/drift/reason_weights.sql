-- one row per source of reasons in the newest scored week of a feed before another.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar, $week date
-- units:   size is the sum of the sizes of all reasons given, in log-odds, as a decimal: sums of
--          floats would depend on the order of the rows
with newest as (
    select max(week) as week
    from mart.weekly_scores
    where feed = $feed and week < $week
),

scored as (
    select
        scores.reason_1,
        scores.reason_1_contribution,
        scores.reason_2,
        scores.reason_2_contribution,
        scores.reason_3,
        scores.reason_3_contribution
    from mart.weekly_scores as scores
    inner join newest on scores.week = newest.week
    where scores.feed = $feed
),

given as (
    select
        reason_1 as source,
        reason_1_contribution as contribution
    from scored
    union all
    select
        reason_2 as source,
        reason_2_contribution as contribution
    from scored
    union all
    select
        reason_3 as source,
        reason_3_contribution as contribution
    from scored
)

select
    source,
    cast(sum(cast(abs(contribution) as decimal(28, 9))) as double) as size
from given
where source is not null
group by source
order by source;
