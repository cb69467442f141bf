import datetime as dt
from itertools import pairwise

import numpy as np

from songpop.simulate.panel import Panel
from songpop.simulate.roster import World
from songpop.simulate.tracks import FIRST_WEEK_ORDINAL, Regime, first_panel, next_panel

WORLD = World(1, 2_000)


def _history(weeks: int, last: Regime | None = None) -> list[Panel]:
    panels = [first_panel(WORLD, Regime())]
    for week in range(2, weeks + 1):
        regime = last if last is not None and week == weeks else Regime()
        panels.append(next_panel(WORLD, panels[-1], week, regime))
    return panels


def test_week_one_ends_on_the_first_friday_of_2024() -> None:
    assert dt.date.fromordinal(FIRST_WEEK_ORDINAL) == dt.date(2024, 1, 5)


def test_three_percent_of_the_tracks_change_each_week() -> None:
    panels = _history(8)
    shares = [
        1 - np.isin(later.serials, earlier.serials).mean() for earlier, later in pairwise(panels)
    ]

    assert 0.025 < np.mean(shares) < 0.035


def test_no_serial_number_is_used_twice() -> None:
    panels = _history(8)
    seen = np.unique(np.concatenate([panel.serials for panel in panels]))

    assert all(np.unique(panel.serials).size == 2_000 for panel in panels)
    assert panels[-1].next_serial == seen.size
    for serial in seen[::97]:
        listed = [bool(np.isin(serial, panel.serials)) for panel in panels]
        # Once gone, gone for good.
        assert sum(a != b for a, b in pairwise(listed)) <= 2


def test_totals_of_staying_tracks_never_fall() -> None:
    earlier, later = _history(3)[1:]
    is_staying = earlier.serials == later.serials

    assert np.all(later.counters[:, is_staying] >= earlier.counters[:, is_staying])
    assert np.array_equal(later.levels[:, is_staying], earlier.levels[:, is_staying])


def test_a_changed_mix_replaces_tracks_by_young_ones_at_once() -> None:
    usual, mixed = _history(3)[-1], _history(3, Regime(young_share=0.4, replaced_share=0.4))[-1]
    kept = np.isin(mixed.serials, usual.serials).mean()

    assert 0.55 < kept < 0.63
    assert np.median(mixed.ages_days) < 0.7 * np.median(usual.ages_days)
    assert np.unique(mixed.serials).size == 2_000


def test_a_flipped_concept_moves_general_heat_alone() -> None:
    usual, flipped = _history(3)[-1], _history(3, Regime(is_concept_flipped=True))[-1]

    assert np.array_equal(usual.serials, flipped.serials)
    assert np.array_equal(usual.heat[1:], flipped.heat[1:])
    assert not np.array_equal(usual.heat[0], flipped.heat[0])
