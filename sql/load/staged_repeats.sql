-- one row per staged row that may not be loaded because its key stands more than once:
-- is_duplicate where it repeats an earlier row exactly, else its key stands for different content.
--
-- reads:   staged_export (line: where the row begins, from 1)
with repeated_keys as (
    select track_id
    from staged_export
    group by track_id
    having count(*) > 1
),

repeated_rows as (
    select staged.*
    from staged_export as staged
    inner join repeated_keys on staged.track_id = repeated_keys.track_id
),

contents as (
    select
        * exclude (line),
        min(line) as first_line
    from repeated_rows
    group by all
),

contents_of_key as (
    select
        track_id,
        count(*) as contents_count,
        min(first_line) as first_line
    from contents
    group by track_id
)

select
    repeated_rows.line,
    contents_of_key.contents_count = 1 as is_duplicate
from repeated_rows
inner join contents_of_key on repeated_rows.track_id = contents_of_key.track_id
where
    contents_of_key.contents_count > 1
    or repeated_rows.line > contents_of_key.first_line
order by repeated_rows.line;
