-- raw.landing_files: all rows, before those of the present scan are written.
delete from raw.landing_files;
