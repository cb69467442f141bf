-- core.metric_facets: one row per metric that says something about a song on tour.
--
-- params:  $format, $metric, $component, $source varchar, $direction integer
insert into core.metric_facets (format, metric, component, source, direction)
values ($format, $metric, $component, $source, $direction)
