-- raw.platform_exports: without the rows of one file.
--
-- params:  $sha256 varchar
delete from raw.platform_exports
where sha256 = $sha256
