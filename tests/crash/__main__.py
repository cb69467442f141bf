"""The long form, ``make crash``: a thousand kills, every step without room, every folder closed.

It writes the table of ``tests/crash/README.md``, and ends with 1 where anything was found.
"""

import argparse
import datetime as dt
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from songpop.errors import EXIT_INTERRUPTED, is_interruption
from tests.crash.campaign import Campaign, Trial, can_mount, count_kills
from tests.crash.inject import Fault
from tests.crash.label import NOW
from tests.crash.names import name_span, name_step
from tests.crash.plan import (
    FOLDERS,
    chain,
    draw_moments,
    list_calls,
    list_last_marks,
    list_marks,
)
from tests.crash.readme import write_part

IN_A_ROW = 2
_CLOCKS = (
    ("the clock a day back", NOW - dt.timedelta(days=1), "UTC"),
    (
        "the hour that comes twice, Europe/Berlin",
        dt.datetime(2024, 10, 27, 0, 30, tzinfo=dt.UTC),
        "Europe/Berlin",
    ),
    (
        "the hour that is left out, America/New_York",
        dt.datetime(2024, 3, 10, 7, 30, tzinfo=dt.UTC),
        "America/New_York",
    ),
)

Outcome = tuple[str, Trial]
"""What was injected, in words, and what came of it."""


def kill(
    campaign: Campaign, kills_count: int, seed: int, step: str | None = None
) -> Iterator[Outcome]:
    """Kill at every mark, before every call that changes files, and at random moments.

    Args:
        campaign: the label, and what an undisturbed run makes of it.
        kills_count: how many at least.
        seed: of the moments.
        step: one step alone, at whose marks and moments it is killed; null: everywhere.
    """
    undisturbed = campaign.undisturbed
    marks = list_marks(undisturbed)
    boundaries = [Fault("kill", mark) for mark in marks if step in {None, name_span(mark)}]
    boundaries += list_calls(undisturbed) if step is None else []
    moments = draw_moments(undisturbed, np.random.default_rng(seed), step)
    killed = 0
    for faults in chain(boundaries, moments, IN_A_ROW):
        trial = campaign.kill(faults)
        killed += count_kills(trial)
        yield describe_kill(faults[0]), trial
        if killed >= kills_count:
            return


def describe_kill(fault: Fault) -> str:
    """Return where the first run of a trial was killed, whichever the week or the file."""
    if fault.call is not None:
        return f"before the {fault.call}"
    name = fault.mark or ""
    step = name_step(name)
    if fault.delay or not step:
        step = step or name_span(name)
        return f"in the midst of {step}" if fault.delay else f"after {step}"
    return f"before {step}"


def fill(campaign: Campaign) -> Iterator[Outcome]:
    """Leave no room from each step of each week on."""
    for name in list_marks(campaign.undisturbed):
        if name_step(name):
            yield f"no room from {name_step(name)} on", campaign.fill(name)


def close(campaign: Campaign) -> Iterator[Outcome]:
    """Close each folder from the beginning on, and from each step of the last week on."""
    for folder in FOLDERS:
        shown = "the warehouse" if folder == "." else folder
        for name in list_last_marks(campaign.undisturbed):
            yield f"{shown} closed to writing", campaign.close_folder(folder, name)


def list_root_kinds(campaign: Campaign) -> list[Iterator[Outcome]]:
    """Return the faults that only root may bring about."""
    if can_mount():
        return [fill(campaign), close(campaign)]
    say("full disks and closed folders are left out: only root may mount them")
    return []


def set_clocks(campaign: Campaign) -> Iterator[Outcome]:
    """Kill after each commit, then run at another time."""
    commits = [name for name in list_marks(campaign.undisturbed) if name.startswith("after commit")]
    for words, again, timezone in _CLOCKS:
        for name in commits:
            yield words, campaign.set_clock(Fault("kill", name), again, timezone)


def tell(outcomes: Iterator[Outcome], seen: list[Outcome]) -> None:
    """Print what was found as it is found, and how far it is."""
    for words, trial in outcomes:
        seen.append((words, trial))
        for complaint in trial.complaints:
            say(f"{words}: {complaint}\n  {trial.faults}")
        if len(seen) % 20 == 0:
            say(f"{len(seen)} trials, {sum(count_kills(one) for _, one in seen)} kills")


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - a command line prints


def make_table(outcomes: list[Outcome], seconds: float) -> str:
    """Return the table: fault, how often, how the faulted runs ended, what was found."""
    rows: dict[str, Counter[str]] = {}
    for words, trial in outcomes:
        row = rows.setdefault(words, Counter())
        row["trials"] += 1
        row["complaints"] += bool(trial.complaints)
        row.update(ending.how for ending in trial.endings[:-1])
    kills = sum(count_kills(trial) for _, trial in outcomes)
    found = sum(bool(trial.complaints) for _, trial in outcomes)
    heading = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {seconds / 60:.0f} minutes: {len(outcomes)} trials, "
        f"{kills} kills, {found} with a finding."
    )
    lines = [
        heading,
        "",
        "| fault | trials | runs killed | refused, with a message | done | findings |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {words} | {row['trials']} | {row['killed']} | {row['refused']} | {row['done']} | "
            f"{row['complaints']} |"
            for words, row in sorted(rows.items())
        ),
    ]
    return "\n".join(lines)


def main() -> None:
    """Inject everything."""
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000, help="0: the other kinds alone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, help="trials of each of the other kinds")
    parser.add_argument("--step", help="kills of one step alone; the table of a part is not kept")
    options = parser.parse_args()
    started = time.monotonic()
    seen: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder))
        steps = {name_span(mark) for mark in list_marks(campaign.undisturbed)}
        if options.step not in {None, *steps}:
            parser.error(f"--step: expected one of {', '.join(sorted(steps))}, got {options.step}")
        kills = kill(campaign, options.kills, options.seed, options.step)
        kinds = [kills] if options.kills > 0 else []
        if options.step is None:
            others = [set_clocks(campaign), *list_root_kinds(campaign)]
            kinds += [islice(kind, options.most) for kind in others]
        try:
            for kind in kinds:
                tell(kind, seen)
            campaign.finish()
        except (KeyboardInterrupt, RuntimeError) as error:
            if not is_interruption(error):
                raise
            say("stopped: the table is of what was tried until then, and is not kept")
            say(make_table(seen, time.monotonic() - started))
            sys.exit(EXIT_INTERRUPTED)
    table = make_table(seen, time.monotonic() - started)
    say(table)
    if options.step is None and options.kills > 0:
        write_part("table", table)
    sys.exit(any(trial.complaints for _, trial in seen))


if __name__ == "__main__":
    main()
