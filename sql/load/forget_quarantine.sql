-- raw.quarantine: the rows of an export that is forgotten.
--
-- params:  $sha256 varchar
delete from raw.quarantine
where sha256 = $sha256;
