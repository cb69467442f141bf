-- mart: what has changed for readers since they were last shown something.

create table mart.publication (
    revision bigint not null
);

insert into mart.publication (revision) values (0);

create table mart.publication_weeks (
    feed varchar not null,
    week date not null,
    revision bigint not null,
    scores_count bigint not null
);
