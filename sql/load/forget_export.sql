-- raw.exports: an export that was refused or unloaded is forgotten, so that it can come again.
--
-- params:  $sha256 varchar
delete from raw.exports
where sha256 = $sha256 and status in ('refused', 'unloaded');
