-- raw.platform_exports: a file whose rows were taken out again; it stays known.
--
-- params:  $sha256, $reason varchar
update raw.platform_exports
set
    status = 'unloaded',
    reason = $reason
where sha256 = $sha256
