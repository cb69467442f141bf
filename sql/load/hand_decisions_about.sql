-- one row per decision by hand for a version, in the order taken.
--
-- reads:   ml.hand_decisions
-- params:  $version varchar
select
    from_week,
    because,
    replaces
from ml.hand_decisions
where version = $version
order by decided_at nulls first, from_week;
