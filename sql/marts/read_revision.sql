-- mart.publication: the one row, in the private file.
select revision
from mart.publication
