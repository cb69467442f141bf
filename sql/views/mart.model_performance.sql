-- mart.model_performance: one row per (feed, week, model_version) whose labels have matured.
--
-- reads:   mart.weekly_scores, ml.models, ml.labels
-- units:   base_rate, brier, accuracy and auc are dimensionless, in [0, 1]; log_loss in nats, its
--          probabilities clipped at 1e-12; auc is null where all labels are alike.
--          persistence_ is what today's size alone would have given, as many of the largest called
--          high as the model called; null where a track has no size_percentile
--          or no score.
--          The sums run over decimals, which add up to the same in any order, so that the view
--          gives the same bits every time; auc is the Mann-Whitney statistic with mid-ranks
--          (Hanley and McNeil 1982, Radiology 143:29-36).
with judged as (
    select
        scores.feed,
        scores.week,
        scores.model_version,
        scores.is_provisional,
        models.kind,
        models.label,
        scores.score,
        labels.is_high,
        labels.matured_week,
        labels.track_id,
        case when labels.label = 'level' then labels.size_percentile end as size_percentile,
        case when labels.is_high then scores.score else 1 - scores.score end as fit_probability
    from mart.weekly_scores as scores
    inner join ml.models as models
        on scores.feed = models.feed and scores.model_version = models.version
    inner join ml.labels as labels
        on
            scores.feed = labels.feed
            and scores.week = labels.week
            and scores.track_id = labels.track_id
            and models.label = labels.label
),

ranked as (
    select
        feed,
        week,
        model_version,
        is_provisional,
        kind,
        label,
        matured_week,
        is_high,
        size_percentile,
        cast(-ln(greatest(fit_probability, 1e-12)) as decimal(18, 12)) as loss,
        cast(power(1 - fit_probability, 2) as decimal(18, 12)) as squared_error,
        rank() over (partition by feed, week, model_version order by score) as lowest_rank,
        count(*) over (partition by feed, week, model_version, score) as ties_count,
        (score >= 0.5) = is_high as is_right,
        -- The size's rank from below, if every track of the week was scored; else see summed.
        round(
            size_percentile * count(*) over (partition by feed, week, model_version)
        ) as size_rank,
        -- A sum, for DuckDB takes minutes over a filtered count of a whole partition.
        sum(cast(score < 0.5 as integer)) over (
            partition by feed, week, model_version
        ) as called_low_count
    from judged
),

summed as (
    select
        feed,
        week,
        model_version,
        kind,
        label,
        bool_or(is_provisional) as is_provisional,
        max(matured_week) as matured_week,
        count(*) as rows_count,
        count(*) filter (where is_high) as high_count,
        count(*) filter (where is_right) as right_count,
        count(*) filter (where (size_rank > called_low_count) = is_high) as size_right_count,
        sum(size_rank) filter (where is_high) as size_rank_sum,
        -- Each rank from 1 on occurs once: none is missing, neither a size nor a track.
        sum(size_rank) = count(*) * (count(*) + 1) / 2 as is_sized,
        sum(loss) as loss_sum,
        sum(squared_error) as squared_error_sum,
        -- Mid-ranks are halves, so doubles hold their sum exactly.
        sum(lowest_rank + (ties_count - 1) / 2) filter (where is_high) as high_rank_sum
    from ranked
    group by feed, week, model_version, kind, label
)

select
    feed,
    week,
    model_version,
    kind,
    label,
    is_provisional,
    matured_week,
    rows_count,
    high_count / rows_count as base_rate,
    cast(loss_sum as double) / rows_count as log_loss,
    cast(squared_error_sum as double) / rows_count as brier,
    right_count / rows_count as accuracy,
    case
        when high_count between 1 and rows_count - 1
            then
                (high_rank_sum - high_count * (high_count + 1) / 2)
                / (high_count * (rows_count - high_count))
    end as auc,
    case when is_sized then size_right_count / rows_count end as persistence_accuracy,
    case
        when is_sized and high_count between 1 and rows_count - 1
            then
                (size_rank_sum - high_count * (high_count + 1) / 2)
                / (high_count * (rows_count - high_count))
    end as persistence_auc
from summed
order by feed, week, model_version
