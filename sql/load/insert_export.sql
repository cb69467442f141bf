-- raw.exports: one row per export, with what became of its rows.
--
-- params:  one per column
-- units:   arrival_number counts a week's exports from 1; size_bytes in bytes as landed;
--          the other counts are rows, *_text/_metric counts are cells
insert into raw.exports by name
select
    $sha256 as sha256,
    $feed as feed,
    $week as week,
    $region as region,
    $format as format,
    $layout as layout,
    $file_name as file_name,
    $size_bytes as size_bytes,
    $encoding as encoding,
    $rows_read as rows_read,
    $loaded as loaded,
    $duplicate as duplicate,
    $quarantined as quarantined,
    $status as status,
    $reason as reason,
    $cause as cause,
    $arrival as arrival,
    $replaces_sha256 as replaces_sha256,
    $changed_text_count as changed_text_count,
    $changed_metric_count as changed_metric_count,
    $damaged_text_count as damaged_text_count,
    0 as falling_counter_count,
    (
        select coalesce(max(earlier.arrival_number), 0) + 1
        from raw.exports as earlier
        where earlier.feed = $feed and earlier.week = $week
    ) as arrival_number,
    $run_id as run_id,
    $loaded_at as loaded_at;
