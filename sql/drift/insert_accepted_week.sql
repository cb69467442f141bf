-- core.accepted_weeks: one row per (feed, week) that somebody let in.
--
-- params:  $feed varchar, $week date, $because varchar, $applied_at timestamptz
insert into core.accepted_weeks (feed, week, because, accepted_at)
values ($feed, $week, $because, $applied_at);
