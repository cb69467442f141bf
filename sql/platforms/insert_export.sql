-- raw.platform_exports: one file, numbered in the order of arrival.
--
-- reads:   raw.platform_exports
-- params:  one a column
insert into raw.platform_exports by name
select
    $sha256 as sha256,
    $file_name as file_name,
    $format as format,
    $layout as layout,
    $platform as platform,
    $is_public as is_public,
    $title as title,
    $artist as artist,
    $size_bytes as size_bytes,
    $encoding as encoding,
    $rows_read as rows_read,
    $loaded as loaded,
    $duplicate as duplicate,
    $quarantined as quarantined,
    $first_day::date as first_day,
    $last_day::date as last_day,
    $status as status,
    $reason as reason,
    (select coalesce(max(earlier.arrival_number), 0) + 1 from raw.platform_exports as earlier)
        as arrival_number,
    $run_id as run_id,
    $loaded_at as loaded_at
