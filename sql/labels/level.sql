-- level: one row per track of one week: does a later week rank it in its upper half?
--
-- reads:   placed (spliced, a statement in parentheses)
-- params:  those of placed
-- units:   percentiles as in placed; margin is the later mid-rank less the share of the later week
--          that is low, at least -1, positive where high
-- order:   by track
select
    placed.track_id,
    placed.outcome_percentile,
    placed.size_percentile,
    $feed as feed,
    cast($week as date) as week,
    cast($later_week as date) as matured_week,
    'level' as label,
    coalesce(placed.later_rank * 2 <= placed.later_count, false) as is_high,
    -- Absent tracks lie below all; no share is below -1, where a later week of one track puts them.
    greatest(
        placed.outcome_percentile - cast(0.5 as double) / placed.later_count
        - cast(placed.later_count - placed.later_count // 2 as double) / placed.later_count,
        -1
    ) as margin
from $placed as placed
order by placed.track_id
