-- one row per challenger that passed the gate and waits for a person, oldest first.
--
-- reads:   ml.models
-- params:  none
select
    version,
    feed,
    trained_week,
    decision,
    created_at
from ml.models
where status = 'challenger' and starts_with(decision, 'waits for approval: ')
order by created_at, version;
