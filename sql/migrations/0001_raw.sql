-- raw: what arrived, and what became of every row of it.

create schema if not exists raw;

create table raw.exports (
    sha256 varchar not null,
    feed varchar,
    week date,
    region varchar,
    format varchar,
    layout varchar,
    file_name varchar not null,
    size_bytes bigint not null,
    encoding varchar,
    rows_read bigint not null,
    loaded bigint not null,
    duplicate bigint not null,
    quarantined bigint not null,
    status varchar not null,
    reason varchar,
    arrival varchar,
    replaces_sha256 varchar,
    changed_text_count bigint not null,
    changed_metric_count bigint not null,
    damaged_text_count bigint not null,
    falling_counter_count bigint not null,
    arrival_number bigint not null,
    run_id varchar,
    loaded_at timestamptz not null
);

create table raw.quarantine (
    sha256 varchar not null,
    line bigint not null,
    column_name varchar,
    reason varchar not null,
    raw_text varchar not null
);

create table raw.differences (
    sha256 varchar not null,
    replaces_sha256 varchar not null,
    track_id varchar not null,
    column_name varchar not null,
    before varchar,
    after varchar
);

create table raw.landing_files (
    path varchar not null,
    size_bytes bigint not null,
    modified_ns bigint not null,
    sha256 varchar not null
);
