-- one row per week of a feed that was looked at, oldest first, with what was decided.
--
-- reads:   core.week_profiles, ml.drift_weeks
-- params:  $feed varchar, $to_week date (included; null = every one)
select
    profiles.week,
    decided.decision
from core.week_profiles as profiles
left join ml.drift_weeks as decided
    on profiles.feed = decided.feed and profiles.week = decided.week
where
    profiles.feed = $feed
    and ($to_week is null or profiles.week <= $to_week)
order by profiles.week;
