-- mart.parquet_files: some weeks' files, as they were written.
--
-- params:  $feeds varchar[], $weeks date[], $file_sha256s varchar[] (one of each for each file; a
--          null digest is that of a file that is gone)
insert into mart.parquet_files (feed, week, file_sha256)
select
    feed,
    week,
    file_sha256
from (
    select
        unnest($feeds::varchar[]) as feed,
        unnest($weeks::date[]) as week,
        unnest($file_sha256s::varchar[]) as file_sha256
) as files
where file_sha256 is not null;
