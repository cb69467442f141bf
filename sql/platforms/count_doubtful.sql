-- how many pairs of songs wait for a person.
--
-- reads:   mart.doubtful_matches
select count(*) as pairs_count
from mart.doubtful_matches
where verdict = 'open'
