-- one row: the accepted rows of the staged export, and those of them with a damaged name.
--
-- reads:   staged_export
select
    count(*) as loaded,
    count(flags) as damaged_text_count
from staged_export;
