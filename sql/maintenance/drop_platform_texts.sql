-- raw.platform_quarantine: the texts of rejected rows of exports that were loaded before a time;
-- the rows stay, so that lines, reasons and counts stay true.
--
-- reads:   raw.platform_exports
-- params:  $before timestamptz
update raw.platform_quarantine
set raw_text = null
where
    raw_text is not null
    and sha256 in (
        select exports.sha256 from raw.platform_exports as exports
        where exports.loaded_at < $before
    );
