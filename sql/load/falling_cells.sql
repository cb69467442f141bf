-- falling_cells: one row per cumulative counter that is below the week before.
--
-- reads:   core.track_weeks
-- params:  $feed varchar, $week date, $before_week date
-- splice:  cells, a list of structs (column_name, before, after) of the rows now_row, before_row;
--          is_any, whether one of them fell
create or replace temp table falling_cells as
with fallen_rows as (
    select
        now_row.sha256,
        now_row.track_id,
        $cells as cells
    from core.track_weeks as now_row
    inner join core.track_weeks as before_row
        on now_row.track_id = before_row.track_id
    where
        now_row.feed = $feed and now_row.week = $week
        and before_row.feed = $feed and before_row.week = $before_week
        and ($is_any)  -- noqa: RF02
),

all_cells as (
    select
        sha256,
        track_id,
        unnest(cells) as cell
    from fallen_rows
)

select
    all_cells.sha256,
    all_cells.track_id,
    all_cells.cell.column_name,
    all_cells.cell.before,
    all_cells.cell.after
from all_cells
where all_cells.cell.after < all_cells.cell.before
