-- raw.differences: what an export that is loaded again changed before.
--
-- params:  $sha256 varchar
delete from raw.differences
where sha256 = $sha256;
