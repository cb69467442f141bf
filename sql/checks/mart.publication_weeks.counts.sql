-- mart.publication_weeks.counts: one row per (feed, week) that is marked wrongly.
--
-- holds:   one mark per week with scores or labels, counting its scores
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   mart.publication_weeks, mart.publication, mart.weekly_scores, ml.labels
with marked as (
    select
        feed,
        week,
        sum(scores_count) as marked_count,
        count(*) as marks_count,
        max(revision) as last_revision
    from mart.publication_weeks
    group by feed, week
),

scored as (
    select
        feed,
        week,
        count(*) as scores_count
    from mart.weekly_scores
    group by feed, week
),

labelled as (
    select distinct
        feed,
        week
    from ml.labels
),

known as (
    select
        feed,
        week
    from marked
    union
    select
        feed,
        week
    from scored
    union
    select
        feed,
        week
    from labelled
)

select
    known.feed,
    known.week,
    marked.marks_count,
    marked.marked_count,
    marked.last_revision,
    coalesce(scored.scores_count, 0) as scores_count
from known
left join marked on known.feed = marked.feed and known.week = marked.week
left join scored on known.feed = scored.feed and known.week = scored.week
where
    marked.marks_count is distinct from 1
    or marked.marked_count <> coalesce(scored.scores_count, 0)
    or marked.last_revision > (select max(publication.revision) from mart.publication)
order by known.feed, known.week
