-- ml.models: models of a week that is run again are kept while a score still names them.
--
-- params:  $feed varchar, $week date
update ml.models set status = 'replaced'
where feed = $feed and trained_week = $week;
