-- staged_export: takes out the rows on the given lines.
--
-- reads:   staged_rows_coming (a registered frame: line)
delete from staged_export
where line in (select coming.line from staged_rows_coming as coming);
