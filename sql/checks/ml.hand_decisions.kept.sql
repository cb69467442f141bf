-- ml.hand_decisions.kept: one row per decision by hand that has no reason or is not in the history.
--
-- holds:   each decision by hand that is in force kept in the history, each kept one with a reason
-- remedy:  restore the private file from a backup
-- reads:   ml.champions, ml.hand_decisions
select
    champions.feed,
    champions.from_week,
    champions.version
from ml.champions as champions
anti join ml.hand_decisions as kept
    on
        champions.feed = kept.feed
        and champions.version = kept.version
        and champions.because = kept.because
        and champions.from_week >= kept.from_week
where champions.decided_by = 'hand'
union all
select
    feed,
    from_week,
    version
from ml.hand_decisions
where trim(because) = ''
order by feed, from_week, version
