-- core.platform_facts: the numbers of one file; weeks are set afterwards.
--
-- reads:   staged_facts (a registered frame)
-- params:  $sha256 varchar
insert into core.platform_facts by name
select
    $sha256 as sha256,
    line,
    subject,
    subject_id,
    grain,
    sums_to,
    period_end,
    statement_day,
    store,
    country,
    part,
    metric,
    unit,
    combined,
    value
from staged_facts
