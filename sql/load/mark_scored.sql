-- core.weeks: a week was run on what it holds now; without a model its version is null.
--
-- params:  $feed varchar, $week date, $is_stale boolean, $stale_because varchar,
--          $model_version varchar, $run_id varchar, $scored_at timestamptz
update core.weeks
set
    scored_content_sha256 = content_sha256,
    is_stale = $is_stale,
    stale_because = $stale_because,
    model_version = $model_version,
    run_id = $run_id,
    scored_at = $scored_at
where feed = $feed and week = $week;
