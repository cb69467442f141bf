-- core.matured_losses: one row per (feed, week) whose scores met their labels.
--
-- params:  one per column
insert into core.matured_losses by name
select
    $feed as feed,
    $week as week,
    $matured_week as matured_week,
    $model_version as model_version,
    $excess as excess,
    $standard_error as standard_error,
    $rows_count as rows_count;
