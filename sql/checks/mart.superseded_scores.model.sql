-- mart.superseded_scores.model: one row per model that earlier scores name but the registry lacks.
--
-- holds:   earlier scores by registered models of the same feed, which are kept for good
-- remedy:  restore the private file from a backup
-- reads:   mart.superseded_scores, ml.models
-- params:  $feed varchar, $week date (null = every one)
with named as (
    select distinct
        feed,
        week,
        model_version
    from mart.superseded_scores
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
)

select
    named.feed,
    named.week,
    named.model_version
from named
anti join ml.models as models
    on named.feed = models.feed and named.model_version = models.version
order by named.feed, named.week, named.model_version
