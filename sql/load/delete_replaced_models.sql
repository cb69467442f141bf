-- ml.models: replaced versions that never published a score and that nobody promoted.
--
-- reads:   mart.weekly_scores, mart.superseded_scores, ml.champions
-- params:  $feed varchar
-- note:    distinct, or the versions of all rows would be held in memory
delete from ml.models
where
    feed = $feed
    and status = 'replaced'
    and version not in (
        select distinct scores.model_version from mart.weekly_scores as scores
        where scores.feed = $feed
        union all
        select distinct earlier.model_version from mart.superseded_scores as earlier
        where earlier.feed = $feed
        union all
        select champions.version from ml.champions as champions
        where champions.feed = $feed
    );
