-- core.falling_counters: one row per cumulative counter that fell since the week before.
--
-- reads:   falling_cells
-- params:  $feed varchar, $week date
insert into core.falling_counters by name
select
    $feed as feed,
    $week as week,
    track_id,
    column_name,
    before,
    after
from falling_cells
order by track_id, column_name;
