"""The table of week 1, and how a table moves on by a week."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from songpop.simulate.ages import (
    DAYS_PER_WEEK,
    TURNOVER_SHARE,
    draw_newcomer_ages,
    draw_stationary_ages,
)
from songpop.simulate.draws import Floats, Integers, Purpose, Singles, stream, weigh_rows
from songpop.simulate.growth import draw_gains, feel_season, start_counters
from songpop.simulate.heat import choose_leavers, draw_heat, step_heat
from songpop.simulate.marginals import FACTORS_COUNT, FITS, KNOT_SCORES
from songpop.simulate.panel import ABSENCE_GROUPS, COUNTER_ROWS, Panel, replace_tracks
from songpop.simulate.roster import ARTIST_VARIANCE_SHARE, World

BURN_IN_WEEKS: Final = 25
"""Enough for momentum (memory 0.9) to forget all but 7 % of how it was drawn."""

FIRST_WEEK_ORDINAL: Final = 738_890
"""2024-01-05, a Friday: the day that ends week 1."""

SHARED_ABSENCE: Final = 0.65
"""How much absence from one platform says about absence from another (a tetrachoric loading)."""

SIZE_IN_ABSENCE: Final = 0.35
"""How much a track's general size keeps it from being absent."""

_LOADINGS = np.array([fit.loadings for fit in FITS], dtype=np.float32)
_OWN = np.sqrt(np.maximum(1.0 - (_LOADINGS**2).sum(axis=1, keepdims=True), 0.01))


@dataclass(frozen=True, slots=True)
class Regime:
    """What faults change in how the world itself moves.

    Attributes:
        is_concept_flipped: whether social and broadcast momentum have exchanged their leads.
        young_share: the share of tracks from a young age mix, 0 to 1.
        replaced_share: the share of tracks that young ones replace in this very week, 0 to 1.
    """

    is_concept_flipped: bool = False
    young_share: float = 0.0
    replaced_share: float = 0.0


def first_panel(world: World, regime: Regime) -> Panel:
    """Return the table of week 1, with the fitted marginals."""
    rng = stream(world.seed, Purpose.TRACKS, 1)
    ages = draw_stationary_ages(rng, world.tracks_count, regime.young_share)
    panel = _new_tracks(world, (FIRST_WEEK_ORDINAL, 0), ages, rng)
    panel = replace(panel, heat=_burn_in(world, panel))
    return replace(panel, weekly=_gains(world, panel, week=1))


def next_panel(world: World, panel: Panel, week: int, regime: Regime) -> Panel:
    """Return the table one week later: leavers replaced, momentum and counters moved on.

    Args:
        world: the simulation.
        panel: the table of the week before.
        week: the new week's number, from 2.
        regime: what faults change in the world in the new week.
    """
    leavers = choose_leavers(panel.heat, TURNOVER_SHARE, stream(world.seed, Purpose.LEAVERS, week))
    heat = step_heat(
        panel.heat,
        world.artists_of(panel.serials),
        world.artists_count,
        is_concept_flipped=regime.is_concept_flipped,
        rng=stream(world.seed, Purpose.HEAT, week),
    )
    moved = replace(panel, week_ordinal=panel.week_ordinal + DAYS_PER_WEEK, heat=heat)
    entered = _replace_leavers(world, moved, leavers, week, regime)
    weekly = _gains(world, entered, week)
    # What newcomers gained this week is part of the total that they enter with.
    is_new = entered.serials >= panel.next_serial
    counters = np.where(is_new, entered.counters, entered.counters + weekly)
    return replace(entered, counters=counters, weekly=weekly)


def _replace_leavers(
    world: World, panel: Panel, leavers: Integers, week: int, regime: Regime
) -> Panel:
    rng = stream(world.seed, Purpose.TRACKS, week)
    ages = draw_newcomer_ages(rng, leavers.size, regime.young_share)
    pushed, pushed_ages = _push_out(world, leavers, week, regime.replaced_share)
    newcomers = _new_tracks(
        world,
        (panel.week_ordinal, panel.next_serial),
        np.concatenate([ages, pushed_ages]),
        rng,
    )
    return replace_tracks(panel, np.concatenate([leavers, pushed]), newcomers)


def _push_out(
    world: World, leavers: Integers, week: int, share: float
) -> tuple[Integers, Integers]:
    """Return the slots that a changed age mix takes, beside the leavers, and the new ages."""
    if share == 0.0:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    rng = stream(world.seed, Purpose.MIX, week)
    slots = np.setdiff1d(np.flatnonzero(rng.random(world.tracks_count) < share), leavers)
    return slots, draw_stationary_ages(rng, slots.size, young_share=1.0)


def _new_tracks(
    world: World, start: tuple[int, int], ages: Integers, rng: np.random.Generator
) -> Panel:
    """Return tracks of these *ages* in days; *start* is the week's ordinal and first serial."""
    week_ordinal, first_serial = start
    count = ages.size
    serials = np.arange(first_serial, first_serial + count)
    factors = _draw_factors(world, serials, rng)
    levels = _draw_levels(factors, rng)
    panel = Panel(
        week_ordinal=week_ordinal,
        next_serial=first_serial + count,
        serials=serials,
        releases=week_ordinal - ages,
        levels=levels,
        absences=_draw_absences(factors, rng),
        heat=draw_heat(rng, count),
        counters=np.empty((0, count)),
        weekly=np.zeros((len(COUNTER_ROWS), count), dtype=np.float32),
    )
    return replace(panel, counters=start_counters(levels, panel.log_ages))


def _draw_factors(world: World, serials: Integers, rng: np.random.Generator) -> Floats:
    own = rng.standard_normal((FACTORS_COUNT, serials.size))
    artist = world.artist_sizes()[:, world.artists_of(serials)]
    return np.sqrt(1 - ARTIST_VARIANCE_SHARE) * own + np.sqrt(ARTIST_VARIANCE_SHARE) * artist


def _draw_levels(factors: Floats, rng: np.random.Generator) -> Singles:
    scores = rng.standard_normal((len(FITS), factors.shape[1]), dtype=np.float32)
    scores *= _OWN.astype(np.float32)
    scores += weigh_rows(_LOADINGS, factors.astype(np.float32))
    for row, fit in enumerate(FITS):
        scores[row] = np.interp(scores[row], KNOT_SCORES, fit.knots)
    return scores


def _draw_absences(factors: Floats, rng: np.random.Generator) -> Singles:
    own = rng.standard_normal((len(ABSENCE_GROUPS), factors.shape[1]), dtype=np.float32)
    shared = np.sqrt(1 - SIZE_IN_ABSENCE**2) * rng.standard_normal(factors.shape[1])
    shared += SIZE_IN_ABSENCE * factors[0]
    own *= np.float32(np.sqrt(1 - SHARED_ABSENCE**2))
    return own + np.float32(SHARED_ABSENCE) * shared.astype(np.float32)


def _gains(world: World, panel: Panel, week: int) -> Singles:
    is_holiday = world.is_holiday(panel.serials)
    felt = feel_season(panel.heat, is_holiday, panel.week_ordinal)
    return draw_gains(panel, felt, stream(world.seed, Purpose.WEEKLY, week))


def _burn_in(world: World, panel: Panel) -> Singles:
    """Return the momentum of a table that has lived for a while before week 1."""
    rng = stream(world.seed, Purpose.BURN_IN)
    artists = world.artists_of(panel.serials)
    heat = panel.heat
    for _ in range(BURN_IN_WEEKS):
        leavers = choose_leavers(heat, TURNOVER_SHARE, rng)
        heat = step_heat(heat, artists, world.artists_count, is_concept_flipped=False, rng=rng)
        heat[:, leavers] = draw_heat(rng, leavers.size)
    return heat
