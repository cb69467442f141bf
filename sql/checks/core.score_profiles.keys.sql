-- core.score_profiles.keys: one row per profile of scores that is not the week's.
--
-- holds:   one profile of scores per (feed, week), of the version that scored it, all its tracks
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   core.score_profiles, core.weeks
-- params:  $feed varchar, $week date (null = every one)
select
    profiles.feed,
    profiles.week,
    profiles.model_version,
    count(*) as rows_count
from core.score_profiles as profiles
left join core.weeks as weeks on profiles.feed = weeks.feed and profiles.week = weeks.week
where
    ($feed is null or profiles.feed = $feed)
    and ($week is null or profiles.week = $week)
group by profiles.feed, profiles.week, profiles.model_version
having
    count(*) > 1
    or bool_or(profiles.model_version is distinct from weeks.model_version)
    or bool_or(list_sum(profiles.counts) is distinct from weeks.rows_count)
order by profiles.feed, profiles.week, profiles.model_version
