"""Some fifty kills, full disks, closed folders and wrong clocks; ``make crash`` does many more."""

import datetime as dt
import tempfile
from collections.abc import Generator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from tests.crash.campaign import Campaign, Trial, can_mount, count_kills
from tests.crash.checkpoints import CHECKPOINT, is_checkpoint
from tests.crash.inject import Fault
from tests.crash.label import NOW
from tests.crash.names import name_span, name_step
from tests.crash.plan import (
    FOLDERS,
    chain,
    draw_moments,
    list_kinds_of_calls,
    list_last_marks,
    list_marks,
)

RANDOM_KILLS = 30
"""With those at boundaries and before calls, more than fifty."""
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


def test_run_killed_at_every_boundary_of_its_last_week_in_a_row_is_made_good(
    campaign: Campaign,
) -> None:
    faults = [Fault("kill", mark) for mark in list_last_marks(campaign.undisturbed)]
    # What is killed before its publication is committed, so that the next run has no such week.
    *until_committed, report, end = faults

    trials = [campaign.kill(some) for some in (until_committed, [report], [end])]

    assert complaints_of(trials) == []
    assert sum(map(count_kills, trials)) == len(faults)
    for trial in trials:
        assert [ending.how for ending in trial.endings] == ["killed"] * len(trial.faults) + ["done"]


def test_run_killed_before_every_kind_of_call_that_changes_files_is_made_good(
    campaign: Campaign,
) -> None:
    trials = [campaign.kill([fault]) for fault in list_kinds_of_calls(campaign.undisturbed)]

    assert complaints_of(trials) == []
    assert {trial.endings[0].how for trial in trials} == {"killed"}


def test_runs_killed_at_random_moments_are_made_good(campaign: Campaign) -> None:
    moments = draw_moments(campaign.undisturbed, np.random.default_rng(8))

    trials: list[Trial] = []
    for faults in islice(chain([], moments, 3), RANDOM_KILLS):
        trials.append(campaign.kill(faults))
        if sum(map(count_kills, trials)) >= RANDOM_KILLS:
            break

    assert complaints_of(trials) == []
    assert sum(map(count_kills, trials)) >= RANDOM_KILLS


def test_run_killed_around_and_in_the_midst_of_checkpoints_is_made_good(
    campaign: Campaign,
) -> None:
    moments = draw_moments(campaign.undisturbed, np.random.default_rng(9), CHECKPOINT)
    marks = [name for name in list_marks(campaign.undisturbed) if is_checkpoint(name)]
    # After the last one the run has nothing left to do, and may be done before it is killed.
    boundaries = [Fault("kill", mark) for mark in marks[-4:-1]]

    trials = [campaign.kill([fault]) for fault in (*boundaries, *islice(moments, 6))]

    assert complaints_of(trials) == []
    assert {trial.endings[0].how for trial in trials[: len(boundaries)]} == {"killed"}
    assert {name_span(name) for name in marks} == {CHECKPOINT}
    assert sum(map(count_kills, trials)) > len(boundaries)


@needs_mount
def test_disk_that_fills_up_is_told_and_costs_nothing_once_there_is_room(
    campaign: Campaign,
) -> None:
    at = {name_step(name): name for name in list_last_marks(campaign.undisturbed)}

    trials = [campaign.fill(at[step]) for step in FULL_AT]

    assert complaints_of(trials) == []
    *refused, last = [trial.endings[0] for trial in trials]
    assert {ending.how for ending in refused} == {"refused"}
    # The week is safe by then; only its page is not.
    assert last.how == "done"
    assert "expected to be written" in last.told


@needs_mount
@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_that_cannot_be_written_is_told_and_costs_nothing_once_it_can(
    campaign: Campaign, folder: str
) -> None:
    trial = campaign.close_folder(folder, "start")

    assert complaints_of([trial]) == []
    assert trial.endings[0].how == "refused" or folder not in {".", "private"}


@pytest.mark.parametrize(
    ("again", "timezone"),
    [
        (NOW - dt.timedelta(days=1), "UTC"),
        (dt.datetime(2024, 10, 27, 1, 30, tzinfo=dt.UTC), "Europe/Berlin"),
        (dt.datetime(2025, 3, 9, 7, 30, tzinfo=dt.UTC), "America/New_York"),
    ],
)
def test_clock_that_is_set_back_or_changes_its_timezone_changes_no_score(
    campaign: Campaign, again: dt.datetime, timezone: str
) -> None:
    commits = [name for name in list_marks(campaign.undisturbed) if name.startswith("after commit")]

    trial = campaign.set_clock(Fault("kill", commits[-2]), again, timezone)

    assert complaints_of([trial]) == []
