-- ml.champions: one row per (feed, week) from which on a model scores.
--
-- params:  $feed varchar, $week date, $version varchar, $because varchar, $decided_by varchar
insert into ml.champions (feed, from_week, version, because, decided_by)
values ($feed, $week, $version, $because, $decided_by);
