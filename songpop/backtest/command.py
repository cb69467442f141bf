"""The whole command: read under the writer's lock, fit without it, store under it again."""

import datetime as dt
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from songpop.backtest.groups import Group, list_groups
from songpop.backtest.material import list_loaded, read_material
from songpop.backtest.origins import list_origins
from songpop.backtest.plan import BacktestPlan
from songpop.backtest.run import Backtest, backtest
from songpop.backtest.store import store_backtest
from songpop.errors import InputError, expected
from songpop.formats.spec import FormatSpec
from songpop.settings import Settings
from songpop.splits import WeekBlocks
from songpop.training.gather import TrainingSet
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import publish
from songpop.warehouse.writer import open_writer

Advance = Callable[[], None]
Follow = Callable[[str, int], AbstractContextManager[Advance]]
"""Opens the display of a stage, given its title and how many steps it has."""

_PURPOSE = "songpop backtest"
_STORE_WAIT_SECONDS = 600.0
"""How long to wait, at least, for a weekly run that is under way when the figures are there."""


@dataclass(frozen=True, eq=False)
class Tested:
    """One group's backtest, and the name under which it was stored."""

    found: Backtest
    backtest_id: str


def run_backtests(
    settings: Settings,
    formats: Mapping[str, FormatSpec],
    feed: str | None,
    plan: BacktestPlan,
    follow: Follow,
    now: dt.datetime,
) -> Generator[Tested]:
    """Backtest a feed, or every feed, and store what was found; yield each group's once stored.

    The warehouse is held while its history is read and while figures are stored, not while models
    are fitted: a weekly run in between is neither stopped nor seen. No stage is on display while
    the caller has what was yielded.

    Args:
        settings: the warehouse, its lock and the training.
        formats: by name.
        feed: one feed, the name that several regions share, or null for every feed.
        plan: label, horizon and weeks.
        follow: shows progress.
        now: the time that is recorded.

    Raises:
        InputError: there is no warehouse, *feed* is not loaded, or a group has too little history.
        BusyError: another process writes to this warehouse; at the end, for ten minutes or more.
    """
    seconds = max(settings.wait_seconds, _STORE_WAIT_SECONDS)
    patient = settings.model_copy(update={"wait_seconds": seconds})
    read = _read_groups(settings, formats, feed, plan, follow, now)
    # All of them first: to find after minutes that a feed is too young would waste the others.
    planned = [(group, material, _plan_origins(group, material, plan)) for group, material in read]
    for group, material, origins in planned:
        with follow(f"{group.name}: fitting", len(origins)) as advance:
            found = backtest(group, material, origins, plan, advance)
        with open_writer(patient, formats, _PURPOSE, now) as con:
            name = store_backtest(con, found, now)
            publish(con, WarehousePaths(settings.warehouse))
        yield Tested(found, name)


def check_warehouse(settings: Settings) -> None:
    """Refuse a folder that is no warehouse.

    Raises:
        InputError: nothing was ever loaded into it.
    """
    if not (private := WarehousePaths(settings.warehouse).private).exists():
        remedy = "run `songpop run` first, or pass --warehouse"
        raise InputError(expected(str(private), "a warehouse with history", "none", remedy))


def _read_groups(
    settings: Settings,
    formats: Mapping[str, FormatSpec],
    feed: str | None,
    plan: BacktestPlan,
    follow: Follow,
    now: dt.datetime,
) -> list[tuple[Group, TrainingSet]]:
    check_warehouse(settings)
    pools_feeds = plan.training.pool_feeds
    read: list[tuple[Group, TrainingSet]] = []
    with open_writer(settings, formats, _PURPOSE, now) as con:
        for group in list_groups(con, formats, feed, pools_feeds=pools_feeds):
            loaded = list_loaded(con, group.learned)
            with follow(f"{group.name}: reading", len(loaded)) as advance:
                material = read_material(con, loaded, group.spec, plan, advance)
            if material is None:
                raise InputError(_too_short(group, 0, plan))
            read.append((group, material))
    return read


def _plan_origins(group: Group, material: TrainingSet, plan: BacktestPlan) -> list[WeekBlocks]:
    own = material.labels.filter(material.labels["feed"].is_in(list(group.feeds)))
    weeks = own.get_column("week").unique().sort().to_list()
    origins = list_origins(weeks, plan)
    if not origins:
        anywhere = plan.model_copy(update={"from_week": None, "to_week": None})
        possible = list_origins(weeks, anywhere)
        raise InputError(
            _outside(group, possible, plan) if possible else _too_short(group, len(weeks), plan)
        )
    return origins


def _outside(group: Group, possible: list[WeekBlocks], plan: BacktestPlan) -> str:
    wanted = f"--from and --to within {possible[0].test[0]} and {possible[-1].test[-1]}"
    got = f"{plan.from_week or 'no first week'} and {plan.to_week or 'no last week'}"
    return expected(f"backtest of {group.name}", wanted, got, "test other weeks")


def _too_short(group: Group, weeks_count: int, plan: BacktestPlan) -> str:
    wanted = (
        f"enough labelled weeks to learn from ({plan.training.network_matured_weeks}, and as many "
        f"more as blocks apart need), all at least {plan.gap_weeks} weeks before a tested one"
    )
    remedy = "load more history, or lower --horizon or --embargo"
    return expected(f"backtest of {group.name}", wanted, f"{weeks_count} labelled weeks", remedy)
