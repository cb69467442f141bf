-- core: what each metric of a format says about a song on tour, as the format files declare it.

create table core.metric_facets (
    format varchar not null,
    metric varchar not null,
    component varchar not null,
    source varchar not null,
    direction integer not null
);
