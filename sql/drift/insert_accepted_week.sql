-- core.accepted_weeks: one row per (feed, week) that somebody let in.
--
-- params:  $feed varchar, $week date, $sha256s varchar[], $because varchar, $applied_at timestamptz
insert into core.accepted_weeks (feed, week, sha256s, because, accepted_at)
values ($feed, $week, $sha256s, $because, $applied_at);
