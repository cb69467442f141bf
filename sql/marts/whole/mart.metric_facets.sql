-- mart.metric_facets: one row per (format, metric) that says something about a song on tour.
--
-- reads:   core.metric_facets
-- units:   direction is -1 where smaller is better, as of a rank
select
    format,
    metric,
    component,
    source,
    direction
from core.metric_facets
order by format, metric
