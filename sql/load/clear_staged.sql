-- staged_export: takes out every row, where the export is refused whole.
delete from staged_export;
