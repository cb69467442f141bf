-- core.score_profiles: one row per scored (feed, week).
--
-- params:  one per column
insert into core.score_profiles by name
select
    $feed as feed,
    $week as week,
    $model_version as model_version,
    $cells::integer[] as cells,
    $counts::bigint[] as counts,
    $estimated_loss as estimated_loss;
