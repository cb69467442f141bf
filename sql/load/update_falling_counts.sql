-- raw.exports: how many counter cells of an export fell below the week before.
--
-- reads:   fallen (a registered frame: sha256, falling_counter_count)
-- params:  $feed varchar, $week date
update raw.exports
set falling_counter_count = coalesce(
    (
        select fallen.falling_counter_count from fallen
        where fallen.sha256 = raw.exports.sha256
    ), 0
)
where feed = $feed and week = $week;
