-- raw.platform_quarantine: without the rows of one file.
--
-- params:  $sha256 varchar
delete from raw.platform_quarantine
where sha256 = $sha256
