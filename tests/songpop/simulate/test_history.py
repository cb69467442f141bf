from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.errors import InputError
from songpop.simulate import Fault, simulate
from songpop.simulate.columns import ALL_TIME_RANK, COUNTERS, ISRC, RELEASE_DATE, TRACK_SCORE
from tests.songpop.simulate.read_exports import (
    TRACKS,
    pair_weeks,
    read_export,
    share_of,
    simulate_weeks,
)

LASTING = [
    "scale:TikTok Views:2@3",
    "units:Spotify Streams@3",
    "missing:Shazam Counts:0.2@3",
    "missing_small:Shazam Counts:0.2@3",
    "frozen:YouTube Views@3",
    "slow:Pandora Streams:2@3",
    "copula@3",
    "mix@3",
    "concept@3",
    "dirty@3",
]


def _contents(paths: list[Path]) -> list[bytes]:
    return [path.read_bytes() for path in paths]


def test_weeks_are_fridays_a_week_apart(tmp_path: Path) -> None:
    assert [path.name for path in simulate_weeks(tmp_path / "new" / "folder", 3)] == [
        "chartmetric-2024-01-05.csv",
        "chartmetric-2024-01-12.csv",
        "chartmetric-2024-01-19.csv",
    ]


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = simulate_weeks(tmp_path / "a", 3, *LASTING)
    second = simulate_weeks(tmp_path / "b", 3, *LASTING)

    assert _contents(first) == _contents(second)


def test_another_seed_gives_another_history(tmp_path: Path) -> None:
    (first,) = simulate(1, 50, 1, tmp_path / "a")
    (second,) = simulate(1, 50, 2, tmp_path / "b")

    assert first.read_bytes() != second.read_bytes()


def test_a_longer_history_begins_with_the_shorter_one(tmp_path: Path) -> None:
    shorter, longer = simulate_weeks(tmp_path / "a", 3), simulate_weeks(tmp_path / "b", 5)

    assert _contents(longer[:3]) == _contents(shorter)


@pytest.mark.parametrize("fault", LASTING)
def test_a_fault_changes_its_week_and_no_byte_before(tmp_path: Path, fault: str) -> None:
    plain = _contents(simulate_weeks(tmp_path / "plain", 3))
    faulty = _contents(simulate_weeks(tmp_path / "faulty", 3, fault))

    assert faulty[:2] == plain[:2]
    assert faulty[2] != plain[2]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(LASTING), min_size=1, max_size=3))
def test_a_later_fault_never_changes_an_earlier_one(
    tmp_path_factory: pytest.TempPathFactory, faults: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    one = simulate_weeks(folder / "one", 2, "missing:AirPlay Spins@2", tracks=60)
    all_faults = (*faults, "missing:AirPlay Spins@2")
    more = simulate_weeks(folder / "more", 3, *all_faults, tracks=60)

    assert _contents(more[:2]) == _contents(one)


def test_files_are_modified_in_the_order_of_the_weeks(tmp_path: Path) -> None:
    paths = simulate_weeks(tmp_path, 4, "correct@2", tracks=5)
    times_ns = [path.stat().st_mtime_ns for path in paths]

    assert len(paths) == 5
    assert all(earlier < later for earlier, later in pairwise(times_ns))


def test_counters_never_fall_and_most_of_them_grow(tmp_path: Path) -> None:
    for earlier, later in pairwise(simulate_weeks(tmp_path, 4)):
        pair = pair_weeks(earlier, later)
        for header in COUNTERS:
            known = pair.drop_nulls([header, f"{header}_before"])
            assert (known[header] >= known[f"{header}_before"]).all()
        assert share_of(pair["Spotify Streams"] > pair["Spotify Streams_before"]) > 0.95


def test_a_few_tracks_are_new_each_week_and_the_size_stays(tmp_path: Path) -> None:
    paths = simulate_weeks(tmp_path, 6, tracks=2_000)
    shares = [1 - pair_weeks(a, b).height / 2_000 for a, b in pairwise(paths)]

    assert all(read_export(path).height == 2_000 for path in paths)
    assert 0.025 < sum(shares) / len(shares) < 0.035


def test_a_track_keeps_its_texts(tmp_path: Path) -> None:
    earlier, *_, later = simulate_weeks(tmp_path, 4)
    pair = pair_weeks(earlier, later)

    for header in ("Track", "Artist", "Album Name", RELEASE_DATE, "Explicit Track"):
        assert pair[header].equals(pair[f"{header}_before"])


def test_popularity_persists_but_not_for_ever(tmp_path: Path) -> None:
    paths = simulate_weeks(tmp_path, 5, tracks=3_000)
    pair = pair_weeks(paths[0], paths[4])
    rank = pair.select(pl.corr(ALL_TIME_RANK, f"{ALL_TIME_RANK}_before", method="spearman")).item()

    assert 0.7 < rank < 0.87


def test_scores_keep_their_distribution(tmp_path: Path) -> None:
    first, *_, last = simulate_weeks(tmp_path, 4)

    assert read_export(first)[TRACK_SCORE].equals(read_export(last)[TRACK_SCORE])


def test_gains_are_larger_for_younger_tracks(tmp_path: Path) -> None:
    pair = pair_weeks(*simulate_weeks(tmp_path, 2, tracks=3_000)).with_columns(
        released=pl.col(RELEASE_DATE).str.to_date("%m/%d/%Y"),
        growth=pl.col("Spotify Streams") / pl.col("Spotify Streams_before") - 1,
    )
    is_young = pl.col("released") > pl.date(2023, 9, 1)
    young, old = (
        pair.filter(each)["growth"].drop_nulls().to_numpy() for each in (is_young, ~is_young)
    )

    assert np.median(young) > 4 * np.median(old)


def test_a_mix_shift_makes_the_table_younger_for_good(tmp_path: Path) -> None:
    plain = simulate_weeks(tmp_path / "plain", 5)
    mixed = simulate_weeks(tmp_path / "mixed", 5, "mix@3")
    year = pl.col(RELEASE_DATE).str.to_date("%m/%d/%Y").dt.year()
    young = [
        [read_export(path).select((year >= 2023).mean()).item() for path in paths[2:]]
        for paths in (plain, mixed)
    ]

    assert all(after > before + 0.12 for before, after in zip(*young, strict=True))
    assert pair_weeks(mixed[1], mixed[2]).height < 0.65 * TRACKS


@pytest.mark.parametrize(
    ("weeks", "tracks", "seed", "message"),
    [
        (0, 10, 1, r"--weeks: expected 1 to 2,000, got 0; choose a number within"),
        (2_001, 10, 1, r"--weeks: expected 1 to 2,000, got 2,001"),
        (1, 0, 1, r"--tracks: expected 1 to 10,000,000, got 0"),
        (1, 10, -1, r"--seed: expected 0 to 9,223,372,036,854,775,807, got -1"),
    ],
)
def test_a_number_out_of_range_is_refused(
    tmp_path: Path, weeks: int, tracks: int, seed: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        simulate(weeks, tracks, seed, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_fault_after_the_last_week_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError,
        match=r"fault dirty@4: expected a week up to 3, got 4; simulate more weeks or name an",
    ):
        simulate(3, 10, 1, tmp_path, [Fault("dirty", None, None, 4)])


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.touch()
    with pytest.raises(InputError, match=r"taken: expected a folder, got a file; name another"):
        simulate(1, 10, 1, path)


def test_keys_are_unique_in_every_week(tmp_path: Path) -> None:
    for path in simulate_weeks(tmp_path, 3):
        assert read_export(path)[ISRC].n_unique() == TRACKS
