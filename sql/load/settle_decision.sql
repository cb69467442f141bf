-- ml.models: what was decided in the end about a version that waited for it.
--
-- params:  $version varchar, $decision varchar
update ml.models
set decision = $decision
where version = $version;
