-- ml.labels.margin: how far a track was from the other label; null for labels stored before.

alter table ml.labels add column margin double;
