-- core.platform_facts: the week of each fact that counts for one.
--
-- params:  $weekday bigint (1 Monday to 7 Sunday), on which weeks end
-- units:   a day belongs to the week that it lies in; a platform's own week to the one with which
--          it has most days in common, so that it ends up to three days before or after
update core.platform_facts
set week = due.week
from (
    select distinct
        sums_to,
        grain,
        period_end,
        cast(($weekday - isodow(period_end) + 7) % 7 as integer) as days_to_end,
        case
            when sums_to <> 'week' then null
            when grain = 'week' and days_to_end > 3 then period_end + days_to_end - 7
            else period_end + days_to_end
        end as week
    from core.platform_facts
) as due
where
    platform_facts.sums_to = due.sums_to
    and platform_facts.grain = due.grain
    and platform_facts.period_end = due.period_end
    and platform_facts.week is distinct from due.week
