-- mart.parquet_files: some weeks' files, before they are recorded anew, or since they are gone.
--
-- params:  $feeds varchar[], $weeks date[] (one of each for each file)
delete from mart.parquet_files
where
    (feed, week) in (
        select
            unnest($feeds::varchar[]) as feed,
            unnest($weeks::date[]) as week
    );
