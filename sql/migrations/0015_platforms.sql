-- Exports of the platforms themselves: what came, what each row says, and which songs are the same.

create table raw.platform_exports (
    sha256 varchar not null,
    file_name varchar not null,
    format varchar not null,
    layout varchar not null,
    platform varchar not null,
    is_public boolean not null,
    title varchar,
    artist varchar,
    size_bytes bigint not null,
    encoding varchar,
    rows_read bigint not null,
    loaded bigint not null,
    duplicate bigint not null,
    quarantined bigint not null,
    first_day date,
    last_day date,
    status varchar not null,
    reason varchar,
    arrival_number bigint not null,
    run_id varchar not null,
    loaded_at timestamptz not null
);

create table raw.platform_quarantine (
    sha256 varchar not null,
    line bigint not null,
    column_name varchar,
    reason varchar not null,
    raw_text varchar
);

create table core.platform_facts (
    sha256 varchar not null,
    line bigint not null,
    subject varchar not null,
    subject_id varchar not null,
    grain varchar not null,
    sums_to varchar not null,
    period_end date not null,
    week date,
    statement_day date,
    store varchar,
    country varchar,
    part varchar,
    metric varchar not null,
    unit varchar not null,
    combined varchar not null,
    value double not null
);

create table core.own_spellings (
    sha256 varchar not null,
    own_track_id varchar not null,
    isrc varchar,
    artist varchar,
    title varchar,
    artist_key varchar,
    title_key varchar,
    artist_loose varchar,
    title_loose varchar,
    versions varchar not null
);

create table core.own_tracks (
    own_track_id varchar not null,
    isrc varchar,
    artist varchar,
    title varchar,
    is_own boolean not null,
    same_as varchar not null
);

create table core.track_matches (
    own_track_id_1 varchar not null,
    own_track_id_2 varchar not null,
    because varchar not null,
    likeness double,
    verdict varchar not null,
    decided_by varchar,
    decided_because varchar,
    decided_at timestamptz,
    found_at timestamptz not null
);
