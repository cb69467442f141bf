-- ml.models: versions of a feed that still waited when a newer one passed the gate.
--
-- params:  $feed varchar, $version varchar
update ml.models
set
    decision = concat(
        'refused: ', $version, ' passed the gate after it; ',
        substr(decision, length('waits for approval: ') + 1)
    )
where
    feed = $feed and version <> $version
    and starts_with(decision, 'waits for approval: ');
