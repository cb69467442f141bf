-- ml.runs: runs that ended before a time and that nothing which is kept names.
--
-- reads:   core.weeks, mart.weekly_scores, mart.superseded_scores, ml.models, ml.drift_weeks,
--          raw.exports
-- params:  $before timestamptz
delete from ml.runs
where
    ended_at < $before
    and run_id not in (
        select weeks.run_id from core.weeks as weeks
        where weeks.run_id is not null
        union
        select scores.run_id from mart.weekly_scores as scores
        union
        select earlier.run_id from mart.superseded_scores as earlier
        union
        select models.run_id from ml.models as models
        where models.run_id is not null
        union
        select decided.run_id from ml.drift_weeks as decided
        where decided.run_id is not null
        union
        select exports.run_id from raw.exports as exports
        where exports.run_id is not null
    );
