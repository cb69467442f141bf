"""What a page tells, as read from the published tables."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
"""One row of an answer, by column."""


@dataclass(frozen=True)
class WeekEntry:
    """One (feed, week) that was loaded or kept out, as ``sql/weekly/list_weeks.sql`` has it."""

    feed: str
    week: dt.date
    rows_count: int | None
    """Null where the week holds no rows: its exports were kept out."""
    drift_decision: str | None
    stale_because: str | None
    latest_status: str | None
    rows_read: int
    loaded: int
    duplicate: int
    quarantined: int
    damaged_text_count: int
    falling_counter_count: int
    model_version: str | None
    """Null where the week has no scores, or they are hidden."""
    model_warning: str | None
    drift_reasons: Sequence[str]
    tracks_count: int
    high_count: int
    is_provisional: bool
    is_hidden: bool
    """Whether it has scores that the snapshot does not hold any more, so that no page can be made
    of them; the one that was made stays."""
    stamp: str
    """Of the run that the week's page has to show."""

    @property
    def is_scored(self) -> bool:
        """Whether the week has scores, in the snapshot."""
        return self.model_version is not None


@dataclass(frozen=True)
class Changes:
    """Counts of tracks, against the scored week before; see ``sql/weekly/count_changes.sql``."""

    tracks_count: int
    high_count: int
    previous_high_count: int
    rose_count: int
    fell_count: int
    new_count: int
    new_high_count: int
    gone_count: int
    gone_high_count: int
    artists_count: int


@dataclass(frozen=True)
class Model:
    """The version that scored the week.

    Attributes:
        kind: ``network``, ``logistic``, ``persistence`` or ``constant``.
        label: ``level``, ``growth`` or ``snapshot``.
        horizon_weeks: how far it looks ahead.
        trained_week: the week whose run trained it.
        rows_count: rows that it learned from.
        weeks_count: weeks of them.
        test: figures on its test block; null where it has none.
        models: figures of it and of the baselines on that block; empty where not compared.
        comparisons: differences to each baseline, with their intervals.
    """

    kind: str
    label: str
    horizon_weeks: int
    trained_week: dt.date
    rows_count: int
    weeks_count: int
    test: Row | None
    models: Sequence[Row]
    comparisons: Sequence[Row]


@dataclass(frozen=True)
class ScoredFacts:
    """What the scores of a week are, and how far they can be trusted."""

    changes: Changes
    model: Model
    is_same_model: bool
    """Whether one model scored this week and the one before, so that scores compare."""
    tracks: Sequence[Row]
    risers: Sequence[Row]
    fallers: Sequence[Row]
    artists: Sequence[Row]
    set_lists: Sequence[Sequence[Row]]
    """Songs of an artist in the order of its set list; empty for all weeks but the newest."""
    history: Mapping[str, Sequence[tuple[dt.date, float]]]
    """Scores by week, oldest first, of the tracks that have a line of their own."""
    steps: Mapping[dt.date, Sequence[int]]
    """Number of tracks in each step of five points, of this week and of the one before."""
    matured: Sequence[Row]
    outcomes: Sequence[Row]


@dataclass(frozen=True)
class WeekFacts:
    """Everything on the page of one week."""

    entry: WeekEntry
    previous_week: dt.date | None
    """The scored week before; null where there is none."""
    exports: Sequence[Row]
    checks: Sequence[Row]
    scored: ScoredFacts | None
    """Null where the week has no scores."""
