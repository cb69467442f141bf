-- mart.weekly_scores.model: one row per model that scores name but the registry lacks.
--
-- holds:   scores by registered models of the same feed
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   mart.weekly_scores, ml.models
-- params:  $feed varchar, $week date (null = every one)
with named as (
    select distinct
        feed,
        week,
        model_version
    from mart.weekly_scores
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
