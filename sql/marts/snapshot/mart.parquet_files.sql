-- mart.parquet_files: one row per (feed, week) that is published as Parquet; in the snapshot alone.
--
-- units:   file_sha256 is of the file's bytes, as 64 hexadecimal digits
create table mart.parquet_files (
    feed varchar not null,
    week date not null,
    file_sha256 varchar not null
);
