-- mart.publication_weeks: one week in one table, marked with the present revision.
--
-- reads:   mart.publication
-- params:  $table_name varchar, $feed varchar, $week date, $rows_count bigint, $hash_sum hugeint
-- units:   rows_count is 0 where the week has no such rows now
insert into mart.publication_weeks (table_name, feed, week, revision, rows_count, hash_sum)
values (
    $table_name,
    $feed,
    $week,
    (select revision from mart.publication),
    $rows_count,
    cast($hash_sum as varchar)
);
