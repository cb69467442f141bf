-- core.metric_facets: emptied, to be declared anew.
delete from core.metric_facets
