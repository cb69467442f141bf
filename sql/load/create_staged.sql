-- staged_export: one row per readable row of the export that is being staged.
--
-- reads:   staged_rows_coming (a registered frame without rows, which gives the columns)
create or replace temp table staged_export as
select *  -- noqa: AM04
from staged_rows_coming
limit 0;  -- noqa: AM09
