"""Lead a detector through a history and keep what it says."""

from collections.abc import Iterator, Sequence

from songpop.simulate.frames import to_frame
from songpop.simulate.roster import World
from songpop.simulate.walk import Step, first_step, next_step, with_faults
from tests.benchmarks.drift.cases import ONSET, WARM_UP_WEEKS, FaultKind, History
from tests.benchmarks.drift.detector import Alarm, Detector
from tests.benchmarks.drift.store import Key, Record, Store


def play(history: History, detector: Detector, store: Store) -> int:
    """Judge what the store lacks of *history*; return how many weeks that was.

    A fault whose weeks are not all there is judged anew from its first week on.
    """
    missing = missing_faults(history, store)
    wanted = [week for week in history.quiet if _quiet_key(history, week) not in store]
    if not missing and not wanted:
        return 0
    judged: list[int] = sorted({*wanted, *([ONSET] if missing else [])})
    detector.begin()
    judged_count = 0
    try:
        for step in _walk(history, max([WARM_UP_WEEKS, *wanted])):
            week = step.scene.week
            weeks_to_go = next((later - week for later in judged if later > week), 0)
            if week in wanted:
                _keep(store, _quiet_key(history, week), detector.judge(to_frame(step)))
                judged_count += 1
            elif detector.memory_weeks is None or 0 < weeks_to_go <= detector.memory_weeks:
                detector.take(to_frame(step), weeks_to_go)
            if week == WARM_UP_WEEKS:
                for kind in missing:
                    judged_count += _branch(history, kind, step, detector.copy(), store)
    finally:
        detector.end()
    return judged_count


def missing_faults(history: History, store: Store) -> list[FaultKind]:
    """Return the faults of which a week has not been judged."""
    return [
        kind
        for kind in history.faults
        if any(key not in store for key in fault_keys(history, kind))
    ]


def fault_keys(history: History, kind: FaultKind) -> list[Key]:
    """Return the keys of a fault's judged weeks."""
    weeks = range(ONSET, ONSET + kind.weeks)
    return [Key(kind.name, history.tracks, history.seed, week) for week in weeks]


def count_missing(histories: Sequence[History], store: Store) -> int:
    """Return how many weeks are still to be judged."""
    quiet = sum(
        _quiet_key(history, week) not in store for history in histories for week in history.quiet
    )
    faults = sum(kind.weeks for one in histories for kind in missing_faults(one, store))
    return quiet + faults


def _quiet_key(history: History, week: int) -> Key:
    return Key(history.quiet[week], history.tracks, history.seed, week)


def _walk(history: History, weeks: int) -> Iterator[Step]:
    step = first_step(World(history.seed, history.tracks))
    yield step
    while step.scene.week < weeks:
        step = next_step(step)
        yield step


def _branch(history: History, kind: FaultKind, past: Step, detector: Detector, store: Store) -> int:
    fault = kind.for_seed(history.seed)
    step = with_faults(past, [fault])
    try:
        for key in fault_keys(history, kind):
            step = next_step(step, [fault])
            _keep(store, key, detector.judge(to_frame(step)), fault.column)
    finally:
        detector.end()
    return kind.weeks


def _keep(store: Store, key: Key, alarm: Alarm, column: str | None = None) -> None:
    store.add(Record(key, alarm.decision, alarm.top_columns, alarm.seconds, alarm.figures, column))
