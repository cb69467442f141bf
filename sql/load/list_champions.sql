-- one row per decision about who scores a feed, in the order in which they take effect.
--
-- reads:   ml.champions
-- params:  $feed varchar
select
    from_week,
    version
from ml.champions
where feed = $feed
order by from_week, decided_by = 'hand';
