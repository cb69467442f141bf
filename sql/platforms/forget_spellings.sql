-- core.own_spellings: without the rows of one file.
--
-- params:  $sha256 varchar
delete from core.own_spellings
where sha256 = $sha256
