-- mart.publication: the one row, after one more revision.
--
-- units:   revision counts the committed changes that readers may see
update mart.publication
set revision = revision + 1;
