-- ml.hand_decisions: one row per decision by hand; none is ever replaced.
--
-- params:  $feed varchar, $week date, $version varchar, $replaces varchar, $because varchar,
--          $applied_at timestamptz
insert into ml.hand_decisions (feed, from_week, version, replaces, because, decided_at)
values ($feed, $week, $version, $replaces, $because, $applied_at);
