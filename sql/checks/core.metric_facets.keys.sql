-- core.metric_facets.keys: one row per metric that stands for two things, or for none.
--
-- holds:   one component per (format, metric), of those that a set list is built from
-- remedy:  run `songpop run`, which declares them anew
-- reads:   core.metric_facets
select
    format,
    metric,
    count(*) as rows_count,
    min(component) as component
from core.metric_facets
group by format, metric
having
    count(*) > 1
    or not bool_and(component in ('breadth', 'radio', 'shazam', 'demand', 'peak', 'staying'))
    or not bool_and(direction in (-1, 1))
order by format, metric
