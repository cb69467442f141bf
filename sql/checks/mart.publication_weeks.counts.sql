-- mart.publication_weeks.counts: one row per (table_name, feed, week) that is marked wrongly.
--
-- holds:   one mark for each week with scores, earlier scores or labels, counting its rows
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   mart.publication_weeks, mart.publication, mart.weekly_scores,
--          mart.superseded_scores, ml.labels
with marked as (
    select
        table_name,
        feed,
        week,
        sum(rows_count) as marked_count,
        count(*) as marks_count,
        max(revision) as last_revision
    from mart.publication_weeks
    group by table_name, feed, week
),

counted as (
    select
        'mart.weekly_scores' as table_name,
        feed,
        week,
        count(*) as rows_count
    from mart.weekly_scores
    group by feed, week
    union all
    select
        'mart.superseded_scores' as table_name,
        feed,
        week,
        count(*) as rows_count
    from mart.superseded_scores
    group by feed, week
    union all
    select
        'ml.labels' as table_name,
        feed,
        week,
        count(*) as rows_count
    from ml.labels
    group by feed, week
)

select
    marked.marks_count,
    marked.marked_count,
    marked.last_revision,
    coalesce(counted.rows_count, 0) as rows_count,
    coalesce(marked.table_name, counted.table_name) as table_name,
    coalesce(marked.feed, counted.feed) as feed,
    coalesce(marked.week, counted.week) as week_end
from marked
full outer join counted
    on
        marked.table_name = counted.table_name
        and marked.feed = counted.feed
        and marked.week = counted.week
where
    marked.marks_count is distinct from 1
    or marked.marked_count <> coalesce(counted.rows_count, 0)
    or marked.last_revision > (select max(publication.revision) from mart.publication)
order by table_name, feed, week_end
