-- core.metric_facets: every row, in the order in which they are declared.
select
    format,
    metric,
    component,
    source,
    direction
from core.metric_facets
order by format, metric
