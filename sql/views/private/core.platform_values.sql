-- core.platform_values: one row per number that counts today.
--
-- reads:   core.platform_numbers
-- units:   as there; names of one song are one, so that no two rows say the same of one song,
--          period, statement, place, part and metric
select
    platform,
    format,
    subject,
    subject_id,
    grain,
    sums_to,
    period_end,
    week,
    statement_day,
    store,
    country,
    part,
    metric,
    unit,
    combined,
    case combined
        when 'sum' then sum(value)
        when 'mean' then avg(value)
        else min(value)
    end as value
from core.platform_numbers
where is_counted
group by
    platform,
    format,
    subject,
    subject_id,
    grain,
    sums_to,
    period_end,
    week,
    statement_day,
    store,
    country,
    part,
    metric,
    unit,
    combined
