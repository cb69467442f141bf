-- main.schema_migrations: one row per migration that was applied.
create table if not exists schema_migrations (
    name varchar not null,
    sha256 varchar not null,
    applied_at timestamptz not null
);
