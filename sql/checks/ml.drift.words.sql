-- ml.drift.words: one row per verdict of an unknown check, level or direction.
--
-- holds:   each verdict of a known check, level (pass, warn, fail, quarantine) and direction
-- remedy:  run the week again with `songpop run --feed FEED --week WEEK`
-- reads:   ml.drift
-- params:  $feed varchar, $week date (null = every one)
select
    feed,
    week,
    check_name,
    column_name,
    verdict,
    direction
from ml.drift
where
    ($feed is null or feed = $feed)
    and ($week is null or week = $week)
    and (
        check_name not in (
            'volume', 'falling', 'frozen', 'missing_jump', 'level_jump', 'units', 'change', 'level',
            'missing', 'association', 'ages', 'newcomers', 'domain', 'scores', 'estimated_loss',
            'realised_loss'
        )
        or verdict not in ('pass', 'warn', 'fail', 'quarantine')
        or coalesce(direction, 0) not in (-1, 0, 1)
    )
order by feed, week, check_name, column_name
