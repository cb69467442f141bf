-- one row per challenger that passed the gate and waits for a person, oldest first.
--
-- reads:   ml.models, ml.champions
-- params:  none
select
    version,
    feed,
    trained_week,
    decision,
    created_at,
    gate ->> 'champion' as rival
from ml.models
where
    starts_with(decision, 'waits for approval: ')
    and status <> 'replaced'
    and version not in (select champions.version from ml.champions as champions)
order by created_at, version;
