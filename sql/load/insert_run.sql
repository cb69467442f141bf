-- ml.runs: one row per run of a week.
--
-- params:  one per column
insert into ml.runs (run_id, feed, week, outcome, started_at, ended_at)
values ($run_id, $feed, $week, $outcome, $started_at, $ended_at);
