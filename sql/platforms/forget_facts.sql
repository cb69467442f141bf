-- core.platform_facts: without the rows of one file.
--
-- params:  $sha256 varchar
delete from core.platform_facts
where sha256 = $sha256
