-- mart.publication: the one row, with another number of weeks that the snapshot shows.
--
-- params:  $snapshot_weeks bigint (null = all)
update mart.publication
set snapshot_weeks = $snapshot_weeks;
