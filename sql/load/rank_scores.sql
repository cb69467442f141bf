-- scored_tracks: one row per scored track of a week, in order of rank.
--
-- reads:   scored_files (a view of Parquet files)
-- units:   rank is 1 for the highest score, ties in the order of track_id
create or replace temp view scored_tracks as
with ordered as (
    select *  -- noqa: AM04
    from scored_files
    order by score desc, track_id asc
)

-- Without an order of its own it numbers the rows as they come, which DuckDB keeps.
select
    *,  -- noqa: AM04
    row_number() over () as rank
from ordered;
