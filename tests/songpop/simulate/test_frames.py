import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songpop.errors import InputError
from songpop.formats.registry import load_formats
from songpop.schemas import track_weeks_schema, validate
from songpop.simulate import parse_fault, simulate, simulate_weeks
from songpop.simulate.columns import TRACK_SCORE
from tests.songpop.ingest.exports import stage

SPEC = load_formats()["chartmetric"]
TRACKS = 300
HISTORIES = {
    "quiet": [],
    "numbers": [
        "scale:TikTok Views:1.25@2",
        "units:Spotify Streams@3",
        "slow:Pandora Streams:2@2",
        f"scale:{TRACK_SCORE}:1.37@2",
    ],
    "cells": [
        "missing:Shazam Counts:0.2@2",
        f"missing:{TRACK_SCORE}:0.2@3",
        "missing_small:AirPlay Spins:0.05@2",
        "frozen:YouTube Views@3",
        "copula:TikTok Likes@2",
    ],
    "world": ["mix@3", "concept@2"],
    "beyond what a column can say": ["scale:Spotify Popularity:2@2", "scale:All Time Rank:0.1@3"],
}


def _load(path: Path) -> pl.DataFrame:
    """Return what the loader makes of one export, as the pipeline reads it back."""
    staged = stage(path)
    identity = staged.export.identity
    rows = staged.rows.with_columns(feed=pl.lit(identity.feed), week=pl.lit(identity.week))
    return rows.select(list(track_weeks_schema(SPEC).columns))


@pytest.mark.parametrize("faults", HISTORIES.values(), ids=HISTORIES)
def test_frames_equal_what_the_loader_makes_of_the_files(tmp_path: Path, faults: list[str]) -> None:
    parsed = [parse_fault(fault) for fault in faults]
    paths = simulate(3, TRACKS, 7, tmp_path, parsed)
    frames = list(simulate_weeks(3, TRACKS, 7, parsed))

    assert len(frames) == len(paths) == 3
    for path, frame in zip(paths, frames, strict=True):
        assert_frame_equal(frame, _load(path), check_exact=True)


def test_frames_are_track_weeks_of_the_format() -> None:
    for frame in simulate_weeks(2, TRACKS, 7):
        assert validate(track_weeks_schema(SPEC), frame, "rows").equals(frame)


def test_weeks_are_fridays_a_week_apart() -> None:
    weeks = [frame["week"][0] for frame in simulate_weeks(2, TRACKS, 7)]

    assert weeks == [dt.date(2024, 1, 5), dt.date(2024, 1, 12)]


def test_rows_that_the_loader_would_put_aside_are_left_out() -> None:
    fault = parse_fault("scale:Spotify Popularity:2@2")
    before, after = simulate_weeks(2, TRACKS, 7, [fault])

    assert before.height == TRACKS
    assert after.height < TRACKS
    assert after["spotify_popularity_index"].max() == 100


@pytest.mark.parametrize("kind", ["dirty", "correct"])
def test_faults_of_files_are_refused(kind: str) -> None:
    with pytest.raises(
        InputError,
        match=rf"fault {kind}@2: expected a fault of numbers or of the world, got one of files",
    ):
        simulate_weeks(3, TRACKS, 7, [parse_fault(f"{kind}@2")])


def test_numbers_out_of_range_are_refused_before_the_first_week() -> None:
    with pytest.raises(InputError, match=r"--tracks: expected 1 to 10,000,000, got 0"):
        simulate_weeks(1, 0, 1)
