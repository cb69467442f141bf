-- one row per (feed, week) whose rows the snapshot holds: of each feed the newest, up to a number.
--
-- reads:   mart.publication_weeks, mart.publication
with published as (
    select distinct
        feed,
        week
    from mart.publication_weeks
    where rows_count > 0
),

ordered as (
    select
        feed,
        week,
        row_number() over (partition by feed order by week desc) as age_rank
    from published
)

select
    ordered.feed,
    ordered.week
from ordered
cross join mart.publication as publication
where ordered.age_rank <= coalesce(publication.snapshot_weeks, ordered.age_rank)
order by ordered.feed, ordered.week
