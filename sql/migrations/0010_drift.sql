-- drift: what weeks look like, what was said of them, and which were accepted by hand.

create table core.week_profiles (
    feed varchar not null,
    week date not null,
    before_week date,
    is_accepted boolean not null,
    rows_count bigint not null,
    tracks_count bigint not null,
    common_count bigint not null,
    ages bigint[] not null
);

create table core.column_profiles (
    feed varchar not null,
    week date not null,
    column_name varchar not null,
    place integer not null,
    missing_count bigint not null,
    lost_count bigint not null,
    gained_count bigint not null,
    compared_count bigint not null,
    equal_count bigint not null,
    fallen_count bigint not null,
    median_log_ratio double,
    level_cells integer[] not null,
    level_counts bigint[] not null,
    change_cells integer[] not null,
    change_counts bigint[] not null,
    associations double[] not null
);

create table core.score_profiles (
    feed varchar not null,
    week date not null,
    model_version varchar not null,
    cells integer[] not null,
    counts bigint[] not null,
    estimated_loss double not null
);

create table core.matured_losses (
    feed varchar not null,
    week date not null,
    matured_week date not null,
    model_version varchar not null,
    excess double not null,
    standard_error double not null,
    rows_count bigint not null
);

create table core.accepted_weeks (
    feed varchar not null,
    week date not null,
    sha256s varchar[] not null,
    because varchar not null,
    accepted_at timestamptz not null
);

alter table ml.drift add column is_strong boolean;
alter table ml.drift add column direction integer;
alter table ml.drift add column segment varchar;
alter table ml.drift add column reference varchar;
alter table ml.drift add column details varchar;

alter table ml.drift_weeks add column because varchar;
alter table ml.drift_weeks add column run_id varchar;
