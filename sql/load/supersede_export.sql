-- raw.exports: the export that a correction replaces is kept by name.
--
-- params:  $sha256 varchar
update raw.exports set status = 'superseded'
where sha256 = $sha256;
