-- ml: labels, models and what is known about drift.

create schema if not exists ml;

create table ml.labels (
    feed varchar not null,
    week date not null,
    track_id varchar not null,
    label varchar not null,
    is_high boolean not null,
    outcome_percentile double not null,
    matured_week date not null
);

create table ml.models (
    version varchar not null,
    feed varchar not null,
    kind varchar not null,
    label varchar not null,
    horizon_weeks integer not null,
    status varchar not null,
    trained_week date not null,
    trained_because varchar not null,
    decision varchar not null,
    trained_on_weeks date[] not null,
    trained_on_exports varchar[] not null,
    seen_until_week date not null,
    rows_count bigint not null,
    settings json not null,
    metrics json not null,
    calibration json not null,
    artefact_sha256 varchar not null,
    run_id varchar,
    created_at timestamptz not null
);

create table ml.champions (
    feed varchar not null,
    from_week date not null,
    version varchar not null,
    because varchar not null
);

create table ml.drift (
    feed varchar not null,
    week date not null,
    check_name varchar not null,
    column_name varchar,
    statistic double,
    threshold double,
    p_value double,
    verdict varchar not null
);

create table ml.drift_weeks (
    feed varchar not null,
    week date not null,
    decision varchar not null,
    reasons varchar[] not null
);

create table ml.runs (
    run_id varchar not null,
    feed varchar not null,
    week date not null,
    outcome varchar not null,
    started_at timestamptz not null,
    ended_at timestamptz not null
);
