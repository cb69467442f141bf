-- raw.exports: how many counter cells of an export fell below the week before.
--
-- reads:   falling_cells
update raw.exports
set falling_counter_count = fallen.cells_count
from (
    select
        sha256,
        count(*) as cells_count
    from falling_cells
    group by sha256
) as fallen
where raw.exports.sha256 = fallen.sha256;
