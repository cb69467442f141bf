-- mart.publication_weeks.hash_sum: as text, since Parquet (a lake) has no integer of 128 bits. Made
-- anew, for rows that were written cannot be altered before they are committed.

create temporary table published_weeks as from mart.publication_weeks;
drop table mart.publication_weeks;
create table mart.publication_weeks (
    table_name varchar not null,
    feed varchar not null,
    week date not null,
    revision bigint not null,
    rows_count bigint not null,
    hash_sum varchar
);
insert into mart.publication_weeks by name from published_weeks;
drop table published_weeks;
