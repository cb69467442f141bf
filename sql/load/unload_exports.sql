-- raw.exports: the exports of a week that was taken out again stay known by name.
--
-- params:  $feed varchar, $week date
update raw.exports set status = 'unloaded'
where feed = $feed and week = $week and status in ('loaded', 'superseded');
