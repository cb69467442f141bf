-- one row at most: since when the champion before a week scores, and who decided that.
--
-- reads:   ml.champions
-- params:  $feed varchar, $week date
select
    from_week,
    decided_by
from ml.champions
where feed = $feed and from_week < $week
order by from_week desc
limit 1;
