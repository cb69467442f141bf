-- mart: what people read.

create schema if not exists mart;

create table mart.weekly_scores (  -- noqa: PRS
    feed varchar not null,
    week date not null,
    track_id varchar using compression zstd not null,
    title varchar using compression zstd,
    artist_name varchar using compression zstd,
    score double not null,
    outcome_low double,
    outcome_high double,
    potential varchar not null,
    is_provisional boolean not null,
    rank bigint not null,
    percentile double not null,
    reason_1 varchar,
    reason_1_contribution double,
    reason_2 varchar,
    reason_2_contribution double,
    reason_3 varchar,
    reason_3_contribution double,
    model_version varchar not null,
    run_id varchar not null,
    scored_at timestamptz not null
);
