-- raw.exports: the record of a refused or unloaded export, before it is loaded again.
--
-- params:  $sha256 varchar
delete from raw.exports
where sha256 = $sha256 and status in ('refused', 'unloaded');
