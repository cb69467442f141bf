-- mart.publication_weeks: one week, marked with the present revision.
--
-- reads:   mart.publication, mart.weekly_scores
-- params:  $feed varchar, $week date
-- units:   scores_count is 0 where the week has no scores now
insert into mart.publication_weeks (feed, week, revision, scores_count)
values (
    $feed,
    $week,
    (select revision from mart.publication),
    (
        select count(*) from mart.weekly_scores
        where feed = $feed and week = $week
    )
);
