-- core.weeks.scored: one row per (feed, week) whose scores and state disagree.
--
-- holds:   scores by the week's model exactly where it names one, and a stale week says why
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   core.weeks, mart.weekly_scores
-- params:  $feed varchar, $week date (null = every one)
with scored as (
    select
        feed,
        week,
        min(model_version) as lowest_version,
        max(model_version) as highest_version
    from mart.weekly_scores
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
    group by feed, week
),

declared as (
    select
        feed,
        week,
        model_version,
        is_stale,
        stale_because,
        scored_at
    from core.weeks
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
)

select
    declared.model_version,
    scored.lowest_version,
    scored.highest_version,
    declared.is_stale,
    declared.stale_because,
    coalesce(declared.feed, scored.feed) as feed,
    coalesce(declared.week, scored.week) as week_end
from declared
full outer join scored on declared.feed = scored.feed and declared.week = scored.week
where
    declared.model_version is distinct from scored.lowest_version
    or declared.model_version is distinct from scored.highest_version
    or declared.is_stale <> (declared.stale_because is not null)
    or (declared.model_version is not null and declared.scored_at is null)
order by feed, week_end
