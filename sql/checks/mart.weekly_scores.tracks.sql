-- mart.weekly_scores.tracks: one row per track that is scored but not listed, or the reverse.
--
-- holds:   exactly the week's accepted tracks scored, where it is scored at all
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   mart.weekly_scores, core.track_weeks, core.weeks
-- params:  $feed varchar, $week date (null = every one)
with scored as (
    select
        feed,
        week,
        track_id
    from mart.weekly_scores
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
),

listed as (
    select
        feed,
        week,
        track_id
    from core.track_weeks
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
),

accepted as (
    select
        listed.feed,
        listed.week,
        listed.track_id
    from listed
    semi join core.weeks as weeks
        on
            listed.feed = weeks.feed
            and listed.week = weeks.week
            and weeks.model_version is not null
)

select
    coalesce(scored.feed, accepted.feed) as feed,
    coalesce(scored.week, accepted.week) as week_end,
    coalesce(scored.track_id, accepted.track_id) as track_id,
    scored.track_id is not null as is_scored
from scored
full outer join accepted
    on
        scored.feed = accepted.feed
        and scored.week = accepted.week
        and scored.track_id = accepted.track_id
where scored.track_id is null or accepted.track_id is null
order by feed, week_end, track_id
