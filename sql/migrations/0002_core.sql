-- core: what the exports say, one row per week and track. Metric columns are added by the formats.

create schema if not exists core;

create table core.weeks (
    feed varchar not null,
    week date not null,
    format varchar not null,
    rows_count bigint not null,
    content_sha256 varchar not null,
    scored_content_sha256 varchar,
    is_stale boolean not null,
    stale_because varchar,
    model_version varchar,
    run_id varchar,
    loaded_at timestamptz not null,
    scored_at timestamptz
);

create table core.track_history (  -- noqa: PRS
    feed varchar not null,
    track_id varchar using compression zstd not null,
    first_seen_week date not null
);

create table core.track_weeks (
    feed varchar not null,
    week date not null,
    track_id varchar using compression zstd not null,
    sha256 varchar not null,
    line bigint not null,
    flags varchar,
    title varchar using compression zstd,
    artist_name varchar using compression zstd,
    album_name varchar using compression zstd,
    label_name varchar,
    release_date date,
    is_explicit boolean
);

create table core.falling_counters (
    feed varchar not null,
    week date not null,
    track_id varchar not null,
    column_name varchar not null,
    before bigint not null,
    after bigint not null
);
