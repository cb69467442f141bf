-- mart.publication: the one row, in the snapshot.
select
    revision,
    layout_sha256
from mart.publication
