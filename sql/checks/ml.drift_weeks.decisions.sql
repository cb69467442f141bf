-- ml.drift_weeks.decisions: one row per (feed, week) whose decision its reasons or verdicts lack.
--
-- holds:   one known decision per week, with reasons, and verdicts in ml.drift that bear it out
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   ml.drift_weeks, ml.drift
-- params:  $feed varchar, $week date (null = every one)
with decided as (
    select
        feed,
        week,
        count(*) as rows_count,
        min(decision) as decision,
        min(because) as because,
        min(len(reasons)) as reasons_count,
        min(reasons[1]) as first_reason,
        bool_or(list_contains(reasons, '')) as has_blank_reason
    from ml.drift_weeks
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
    group by feed, week
),

said as (
    select
        feed,
        week,
        bool_or(verdict = 'fail') as fails,
        bool_or(verdict in ('warn', 'fail')) as tells,
        bool_or(verdict = 'quarantine') as keeps_out
    from ml.drift
    group by feed, week
)

select
    decided.feed,
    decided.week,
    decided.decision,
    decided.rows_count,
    decided.first_reason
from decided
left join said on decided.feed = said.feed and decided.week = said.week
where
    decided.rows_count > 1
    or decided.decision not in ('quiet', 'warn', 'retrain', 'quarantine')
    or decided.reasons_count = 0
    or decided.has_blank_reason
    or (decided.decision = 'retrain' and not coalesce(said.fails, false))
    or (decided.decision = 'warn' and not coalesce(said.tells, false))
    or (
        -- an export of which nothing could be read leaves no verdicts
        decided.decision = 'quarantine'
        and decided.because is distinct from 'refused'
        and not coalesce(said.keeps_out, false)
    )
    or (decided.decision = 'quiet' and coalesce(said.tells or said.keeps_out, false))
    or (
        -- a feed's first week has nothing to be compared with, and says so
        decided.decision = 'quiet'
        and said.feed is null
        and not starts_with(decided.first_reason, 'not judged')
    )
order by decided.feed, decided.week
