-- ml.models: a version that waited for a person was promoted by one.
--
-- params:  $version varchar, $because varchar
update ml.models
set
    decision = concat(
        'promoted: approved by hand: ', $because, '; ',
        substr(decision, length('waits for approval: ') + 1)
    )
where version = $version and starts_with(decision, 'waits for approval: ');
