-- ml.models, ml.champions, mart: what the gate found, who decided, and what was published before.

alter table ml.models add column gate json;
alter table ml.models add column warning varchar;
alter table ml.models add column retired_because varchar;

alter table ml.champions add column decided_by varchar default 'gate';

alter table mart.weekly_scores add column model_warning varchar;

create table mart.superseded_scores (  -- noqa: PRS
    feed varchar not null,
    week date not null,
    track_id varchar using compression zstd not null,
    score double not null,
    potential varchar not null,
    rank bigint not null,
    model_version varchar not null,
    run_id varchar not null,
    scored_at timestamptz not null,
    superseded_at timestamptz not null,
    because varchar not null
);
