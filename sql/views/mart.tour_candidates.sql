-- mart.tour_candidates: one row per (feed, artist_name, track_id) with high potential now.
--
-- reads:   mart.weekly_scores, mart.weeks
-- units:   weeks_high_count and weeks_scored_count count the feed's last 8 scored weeks;
--          staying_ratio is the share of those weeks in which the track was high; tour_score is
--          the mean of score and staying_ratio, all three in [0, 1]. Tracks without an artist
--          are left out. artist_rank counts from 1 within the artist.
with ordered as (
    select
        feed,
        week,
        row_number() over (partition by feed order by week desc) as age_rank
    from mart.weeks
    where is_scored
),

recent as (
    select
        feed,
        week,
        age_rank,
        count(*) over (partition by feed) as window_weeks_count
    from ordered
    where age_rank <= 8
),

scored as (
    select
        scores.feed,
        scores.week,
        scores.track_id,
        scores.potential,
        recent.window_weeks_count
    from mart.weekly_scores as scores
    inner join recent on scores.feed = recent.feed and scores.week = recent.week
),

staying as (
    select
        feed,
        track_id,
        count(*) as weeks_scored_count,
        count(*) filter (where potential = 'high') as weeks_high_count,
        max(window_weeks_count) as window_weeks_count
    from scored
    group by feed, track_id
),

candidates as (
    select
        scores.feed,
        scores.week,
        scores.artist_name,
        scores.track_id,
        scores.title,
        scores.score,
        scores.outcome_low,
        scores.outcome_high,
        scores.is_provisional,
        scores.model_version,
        scores.reason_1_text,
        scores.model_warning,
        staying.weeks_high_count,
        staying.weeks_scored_count,
        staying.weeks_high_count / staying.window_weeks_count as staying_ratio
    from mart.weekly_scores as scores
    inner join recent
        on
            scores.feed = recent.feed
            and scores.week = recent.week
            and recent.age_rank = 1
    inner join staying on scores.feed = staying.feed and scores.track_id = staying.track_id
    where scores.potential = 'high' and scores.artist_name is not null
),

rated as (
    select
        feed,
        week,
        artist_name,
        track_id,
        title,
        score,
        outcome_low,
        outcome_high,
        is_provisional,
        model_version,
        reason_1_text,
        model_warning,
        weeks_high_count,
        weeks_scored_count,
        staying_ratio,
        (score + staying_ratio) / 2 as tour_score
    from candidates
)

select
    feed,
    week,
    artist_name,
    track_id,
    title,
    score,
    outcome_low,
    outcome_high,
    is_provisional,
    model_version,
    reason_1_text,
    model_warning,
    weeks_high_count,
    weeks_scored_count,
    staying_ratio,
    tour_score,
    row_number() over (
        partition by feed, artist_name
        order by tour_score desc, score desc, track_id asc
    ) as artist_rank
from rated
order by feed, artist_name, artist_rank
