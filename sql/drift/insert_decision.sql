-- ml.drift_weeks: one row per (feed, week).
--
-- params:  one per column
insert into ml.drift_weeks by name
select
    $feed as feed,
    $week as week,
    $decision as decision,
    $reasons::varchar[] as reasons,
    $because as because,
    $run_id as run_id;
