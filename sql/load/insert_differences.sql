-- raw.differences: one row per cell that a correction changed, up to a bound.
--
-- reads:   changed_cells (a registered frame: track_id, column_name, before, after)
-- params:  $sha256 varchar, $replaces_sha256 varchar, $most bigint
insert into raw.differences by name
select
    $sha256 as sha256,
    $replaces_sha256 as replaces_sha256,
    track_id,
    column_name,
    before,
    after
from changed_cells
order by track_id, column_name
limit $most;
