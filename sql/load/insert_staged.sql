-- staged_export: the readable rows of one batch of the export.
--
-- reads:   staged_rows_coming (a registered frame with the columns of staged_export)
insert into staged_export by name
select *  -- noqa: AM04
from staged_rows_coming;
