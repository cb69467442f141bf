-- mart.publication: how many weeks of each feed the snapshot shows, the newest; null is all.

alter table mart.publication add column snapshot_weeks bigint;
