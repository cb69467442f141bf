-- ml.models: one row per model version.
--
-- params:  one per column
insert into ml.models by name
select
    $version as version,
    $feed as feed,
    $kind as kind,
    $label as label,
    $horizon_weeks as horizon_weeks,
    'challenger' as status,
    $trained_week as trained_week,
    $trained_because as trained_because,
    $decision as decision,
    $trained_on_weeks::date[] as trained_on_weeks,
    $trained_on_exports::varchar[] as trained_on_exports,
    $seen_until_week as seen_until_week,
    $rows_count as rows_count,
    $settings::json as settings,
    $metrics::json as metrics,
    $calibration::json as calibration,
    $artefact_sha256 as artefact_sha256,
    $run_id as run_id,
    $created_at as created_at,
    $card as card,
    $gate::json as gate,
    $warning as warning;
