-- mart: what has changed for readers since they were last shown something.

create table mart.publication (
    revision bigint not null
);

insert into mart.publication (revision) values (0);

create table mart.publication_weeks (
    table_name varchar not null,
    feed varchar not null,
    week date not null,
    revision bigint not null,
    rows_count bigint not null,
    hash_sum hugeint not null
);
