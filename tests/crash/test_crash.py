"""Fifty kills, full disks, closed folders and wrong clocks; ``make crash`` does many more."""

import datetime as dt
import tempfile
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from tests.crash.campaign import Campaign, Trial, can_mount
from tests.crash.inject import Fault
from tests.crash.label import NOW
from tests.crash.plan import FOLDERS, chain, draw_moments, name_step, pick_calls, pick_marks

KILLS_COUNT = 50
IN_A_ROW = 2
FULL_AT = ("start", "train", "commit", "publish", "report")


needs_mount = pytest.mark.skipif(not can_mount(), reason="only root may mount a disk that fills")


@pytest.fixture(scope="module")
def campaign() -> Generator[Campaign]:
    # Not pytest's folder: its path goes into the private file, and pytest keeps three of them.
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder))
        yield campaign
        campaign.finish()


def complaints_of(trials: list[Trial]) -> list[str]:
    return [f"{trial.faults}: {told}" for trial in trials for told in trial.complaints]


def test_killed_runs_leave_a_warehouse_that_serves_and_the_next_one_does_what_they_would_have(
    campaign: Campaign,
) -> None:
    undisturbed = campaign.undisturbed
    boundaries = [
        *(Fault("kill", mark) for mark in pick_marks(undisturbed)),
        *(Fault("kill", call=call) for call in pick_calls(undisturbed)),
    ]
    moments = draw_moments(undisturbed, np.random.default_rng(8))
    trials: list[Trial] = []
    kills_count = 0
    for faults in chain(boundaries, moments, IN_A_ROW):
        trials.append(campaign.kill(faults))
        kills_count += sum(ending.how == "killed" for ending in trials[-1].endings)
        if kills_count >= KILLS_COUNT and len(trials) >= len(boundaries):
            break

    assert complaints_of(trials) == []


@needs_mount
def test_disk_that_fills_up_is_told_and_costs_nothing_once_there_is_room(
    campaign: Campaign,
) -> None:
    last = {name_step(name): number for number, (name, _) in enumerate(campaign.undisturbed.marks)}

    trials = [campaign.fill(last[step]) for step in FULL_AT]

    assert complaints_of(trials) == []
    hows = [trial.endings[0].how for trial in trials]
    assert hows.count("refused") >= len(FULL_AT) - 2


@needs_mount
@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_that_cannot_be_written_is_told_and_costs_nothing_once_it_can(
    campaign: Campaign, folder: str
) -> None:
    trial = campaign.close_folder(folder, 0)

    assert complaints_of([trial]) == []


@pytest.mark.parametrize(
    ("again", "timezone"),
    [
        (NOW - dt.timedelta(days=1), "UTC"),
        (dt.datetime(2024, 10, 27, 1, 30, tzinfo=dt.UTC), "Europe/Berlin"),
        (dt.datetime(2025, 3, 30, 1, 30, tzinfo=dt.UTC), "America/New_York"),
    ],
)
def test_clock_that_is_set_back_or_changes_its_timezone_changes_no_score(
    campaign: Campaign, again: dt.datetime, timezone: str
) -> None:
    commits = [
        number
        for number, (name, _) in enumerate(campaign.undisturbed.marks)
        if name.startswith("after commit")
    ]

    trial = campaign.set_clock(Fault("kill", commits[-2]), again, timezone)

    assert complaints_of([trial]) == []
