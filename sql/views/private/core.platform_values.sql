-- core.platform_values: one row per number that counts today.
--
-- reads:   core.platform_numbers
-- units:   as there; no two rows say the same of one song, period, place and metric
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
    value,
    sha256
from core.platform_numbers
where is_counted
