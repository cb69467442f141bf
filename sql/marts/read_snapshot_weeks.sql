-- mart.publication: the one row, how many weeks of each feed the snapshot shows; null is all.
select snapshot_weeks
from mart.publication
