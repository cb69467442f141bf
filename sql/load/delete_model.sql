-- ml.models: a version that is registered anew.
--
-- params:  $version varchar
delete from ml.models
where version = $version;
