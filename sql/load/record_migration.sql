-- main.schema_migrations: one row per migration that was applied.
--
-- params:  $name varchar, $sha256 varchar, $applied_at timestamptz
insert into schema_migrations (name, sha256, applied_at)
values ($name, $sha256, $applied_at);
