from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from songpop.simulate.columns import COUNTERS, ISRC, METRICS, NUMBERS
from tests.songpop.simulate.read_exports import (
    TRACKS,
    pair_histories,
    pair_weeks,
    read_export,
    share_of,
    simulate_weeks,
)

VIEWS = "TikTok Views"


def _faulty(tmp_path: Path, fault: str, column: str, weeks: int = 3) -> list[pl.DataFrame]:
    """Return the plain and faulty values of a column, one frame a week."""
    plain = simulate_weeks(tmp_path / "plain", weeks)
    faulty = simulate_weeks(tmp_path / "faulty", weeks, fault)
    return [pair_histories(*paths, column) for paths in zip(plain, faulty, strict=True)]


def test_scale_multiplies_from_its_week_on(tmp_path: Path) -> None:
    before, *after = _faulty(tmp_path, f"scale:{VIEWS}:1.05@2", VIEWS)

    assert before["plain"].equals(before["faulty"])
    for week in after:
        known = week.drop_nulls()
        assert ((known["faulty"] - known["plain"] * 1.05).abs() <= 0.5).all()
        assert known["faulty"].sum() > known["plain"].sum()


def test_scale_keeps_the_decimal_of_the_score(tmp_path: Path) -> None:
    (week,) = _faulty(tmp_path, "scale:Track Score:2@1", "Track Score", weeks=1)

    assert ((week["faulty"] - week["plain"] * 2).abs() < 0.051).all()


def test_units_are_a_thousand_times_smaller(tmp_path: Path) -> None:
    (week,) = _faulty(tmp_path, "units:Spotify Streams@1", "Spotify Streams", weeks=1)

    assert (week["plain"] * 1000).equals(week["faulty"])


def test_a_fault_changes_no_other_column(tmp_path: Path) -> None:
    plain = read_export(simulate_weeks(tmp_path / "plain", 1)[0])
    faulty = read_export(simulate_weeks(tmp_path / "faulty", 1, f"scale:{VIEWS}@1")[0])

    assert plain.drop(VIEWS).equals(faulty.drop(VIEWS))


def test_slow_drift_arrives_in_twelve_weeks_and_stays(tmp_path: Path) -> None:
    weeks = _faulty(tmp_path, f"slow:{VIEWS}:4@2", VIEWS, weeks=15)
    ratios = [week.select((pl.col("faulty") / pl.col("plain")).median()).item() for week in weeks]

    assert ratios[0] == 1
    assert ratios[1] == pytest.approx(4 ** (1 / 12), rel=1e-3)
    assert ratios[7] == pytest.approx(4 ** (7 / 12), rel=1e-3)
    assert ratios[12:] == pytest.approx([4, 4, 4], rel=1e-3)


def test_missing_adds_its_share_at_random_and_stays_with_the_tracks(tmp_path: Path) -> None:
    before, *after = _faulty(tmp_path, f"missing:{VIEWS}:0.2@2", VIEWS)
    lost = [
        set(week.filter(pl.col("plain").is_not_null() & pl.col("faulty").is_null())[ISRC])
        for week in after
    ]

    assert before["faulty"].null_count() == before["plain"].null_count()
    for week, tracks in zip(after, lost, strict=True):
        # Three standard errors of a share of 0.2 among 600.
        assert 0.15 < len(tracks) / TRACKS < 0.25
        known = week.drop_nulls()
        assert known["plain"].equals(known["faulty"])
    assert len(lost[0] & lost[1]) > 0.9 * len(lost[0])


def test_missing_more_than_there_is_takes_everything(tmp_path: Path) -> None:
    (week,) = _faulty(tmp_path, "missing:Soundcloud Streams:0.9@1", "Soundcloud Streams", weeks=1)

    assert week["faulty"].null_count() == TRACKS


def test_missing_by_size_takes_the_least_streamed(tmp_path: Path) -> None:
    (path,) = simulate_weeks(tmp_path / "plain", 1)
    (faulty,) = simulate_weeks(tmp_path / "faulty", 1, f"missing_small:{VIEWS}:0.2@1")
    frame = read_export(path).join(read_export(faulty), on=ISRC, suffix="_faulty")
    known = frame.drop_nulls([VIEWS, "Spotify Streams"])
    is_lost = pl.col(f"{VIEWS}_faulty").is_null()

    assert frame[f"{VIEWS}_faulty"].null_count() == frame[VIEWS].null_count() + 0.2 * TRACKS
    lost, kept = (known.filter(each)["Spotify Streams"].to_numpy() for each in (is_lost, ~is_lost))
    assert lost.max() <= kept.min()


def test_frozen_repeats_the_week_before_for_every_track_that_stays(tmp_path: Path) -> None:
    paths = simulate_weeks(tmp_path, 5, f"frozen:{VIEWS}@3")
    moving = pair_weeks(paths[0], paths[1])
    assert share_of(moving[VIEWS] == moving[f"{VIEWS}_before"]) < 0.1
    for later in (2, 3, 4):
        frozen = pair_weeks(paths[1], paths[later])
        assert frozen[VIEWS].equals(frozen[f"{VIEWS}_before"])
    newcomers = read_export(paths[3]).join(read_export(paths[1]), on=ISRC, how="anti")

    assert newcomers[VIEWS].null_count() < newcomers.height
    again = pair_weeks(paths[3], paths[4])
    assert again[VIEWS].equals(again[f"{VIEWS}_before"])


def test_copula_keeps_every_column_and_breaks_how_they_go_together(tmp_path: Path) -> None:
    plain = read_export(simulate_weeks(tmp_path / "plain", 1)[0])
    shuffled = read_export(simulate_weeks(tmp_path / "faulty", 1, "copula@1")[0])
    pair = pl.corr("TikTok Posts", "TikTok Views", method="spearman")

    for header in METRICS:
        assert plain[header].sort().equals(shuffled[header].sort())
    both = [each.drop_nulls(["TikTok Posts", "TikTok Views"]) for each in (plain, shuffled)]
    assert both[0].select(pair).item() > 0.7
    assert abs(both[1].select(pair).item()) < 0.15
    assert plain["Track Score"].equals(shuffled["Track Score"])


def test_copula_can_be_one_column_and_some_tracks(tmp_path: Path) -> None:
    (week,) = _faulty(tmp_path, f"copula:{VIEWS}:0.3@1", VIEWS, weeks=1)
    changed = week.filter(~pl.col("plain").eq_missing(pl.col("faulty"))).height

    assert 0.18 < changed / TRACKS < 0.32


def test_copula_shuffles_once_so_that_counters_grow_again(tmp_path: Path) -> None:
    paths = simulate_weeks(tmp_path, 4, "copula@2")
    falls = [
        pair.select((pl.col(VIEWS) < pl.col(f"{VIEWS}_before")).mean()).item()
        for pair in (pair_weeks(a, b) for a, b in pairwise(paths))
    ]

    assert falls[0] > 0.3
    assert falls[1] < 0.06
    assert falls[2] < 0.06


def test_faults_apply_in_their_order(tmp_path: Path) -> None:
    frozen, scale = f"frozen:{VIEWS}@3", f"scale:{VIEWS}:2@3"
    held = simulate_weeks(tmp_path / "held", 3, scale, frozen)
    scaled = simulate_weeks(tmp_path / "scaled", 3, frozen, scale)
    same, doubled = pair_weeks(held[1], held[2]), pair_weeks(scaled[1], scaled[2])

    assert same[VIEWS].equals(same[f"{VIEWS}_before"])
    assert doubled[VIEWS].equals(doubled[f"{VIEWS}_before"] * 2)


@pytest.mark.parametrize("column", [*COUNTERS, "Track Score", "Spotify Popularity"])
def test_every_number_can_be_faulty(tmp_path: Path, column: str) -> None:
    (week,) = _faulty(tmp_path, f"scale:{column}:3@1", column, weeks=1)
    known = week.drop_nulls()

    assert column in NUMBERS
    assert ((known["faulty"] / known["plain"] - 3).abs() < 1e-2).all()
