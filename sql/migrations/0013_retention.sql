-- raw, ml: what retention may take: the texts of old rejected rows, artefacts that never scored.

alter table raw.quarantine alter column raw_text drop not null;

alter table ml.models add column artefact_removed_at timestamptz;
