-- ml.labels: how large a track was in its own week, 1 the largest; null for labels stored before.

alter table ml.labels add column size_percentile double;
