-- ml.models: a version whose artefact is kept no longer.
--
-- params:  $version varchar, $removed_at timestamptz
update ml.models
set artefact_removed_at = $removed_at
where version = $version;
