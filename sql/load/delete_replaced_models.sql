-- ml.models: replaced versions that no score names any more.
--
-- reads:   mart.weekly_scores
-- params:  $feed varchar
delete from ml.models
where
    feed = $feed
    and status = 'replaced'
    and version not in (
        select scores.model_version from mart.weekly_scores as scores
        where scores.feed = $feed
    );
