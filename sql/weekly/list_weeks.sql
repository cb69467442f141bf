-- one row per (feed, week) that was loaded or kept out, by feed, newest first.
--
-- reads:   mart.data_quality, mart.weekly_scores, mart.weeks, ml.runs
-- params:  $feed varchar, $week date (null = every one)
-- units:   tracks_count and high_count are 0 where the week has no scores here; is_hidden: it has
--          some, and is older than the weeks that the snapshot holds; stamp changes with every run
--          of the week, and with what it is said to be
with scored as (
    select
        feed,
        week,
        count(*) as tracks_count,
        count(*) filter (where potential = 'high') as high_count,
        bool_or(is_provisional) as is_provisional,
        any_value(model_version) as model_version,
        any_value(model_warning) as model_warning
    from mart.weekly_scores
    where
        ($feed is null or feed = $feed)
        and ($week is null or week = $week)
    group by feed, week
),

ran as (
    select
        feed,
        week,
        arg_max(run_id, started_at) as run_id
    from ml.runs
    group by feed, week
)

select
    quality.feed,
    quality.week,
    quality.rows_count,
    quality.drift_decision,
    quality.stale_because,
    quality.latest_status,
    quality.rows_read,
    quality.loaded,
    quality.duplicate,
    quality.quarantined,
    quality.damaged_text_count,
    quality.falling_counter_count,
    scored.model_version,
    scored.model_warning,
    coalesce(quality.drift_reasons, []) as drift_reasons,
    coalesce(scored.tracks_count, 0) as tracks_count,
    coalesce(scored.high_count, 0) as high_count,
    coalesce(scored.is_provisional, false) as is_provisional,
    coalesce(weeks.is_scored, false) and scored.model_version is null as is_hidden,
    concat_ws(
        ' ',
        ran.run_id,
        weeks.run_id,
        weeks.model_version,
        quality.stale_because,
        if(quality.rows_count is null, quality.latest_status || ' ' || quality.rows_read, null)
    ) as stamp
from mart.data_quality as quality
left join scored on quality.feed = scored.feed and quality.week = scored.week
left join mart.weeks as weeks on quality.feed = weeks.feed and quality.week = weeks.week
left join ran on quality.feed = ran.feed and quality.week = ran.week
where
    quality.feed is not null
    and quality.week is not null
    and (quality.rows_count is not null or quality.latest_status <> 'unloaded')
    and ($feed is null or quality.feed = $feed)
    and ($week is null or quality.week = $week)
order by quality.feed asc, quality.week desc
