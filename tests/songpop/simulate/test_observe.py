import datetime as dt
import functools

import numpy as np
import polars as pl
import pytest

from songpop.simulate.columns import HEADERS, METRICS, METRICS_FROM, NUMBERS, RELEASE_DATE
from songpop.simulate.draws import Floats
from songpop.simulate.observe import observe, score_of_rank
from songpop.simulate.roster import World
from songpop.simulate.tracks import Regime, first_panel, next_panel
from tests.real_data import real_data

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@functools.cache
def _observed(tracks: int = 4_600) -> Floats:
    world = World(3, tracks)
    return observe(world, first_panel(world, Regime()), week=1)


def _spearman(first: Floats, second: Floats) -> float:
    is_known = np.isfinite(first) & np.isfinite(second)
    one, other = (pl.Series(each[is_known]).rank().to_numpy() for each in (first, second))
    return float(np.corrcoef(one, other)[0, 1])


@functools.cache
def _real_values() -> Floats:
    text = real_data("chartmetric_2024/top_songs.csv").read_bytes().decode("latin-1")
    frame = pl.read_csv(text.encode(), schema=dict.fromkeys(HEADERS, pl.String))
    numbers = frame.select(pl.col(*NUMBERS).str.replace_all(",", "").cast(pl.Float64))
    assert frame[RELEASE_DATE].null_count() == 0
    return numbers.to_numpy().T


def test_values_are_whole_numbers_from_one() -> None:
    values = _observed()
    metrics = values[METRICS_FROM:]
    known = metrics[np.isfinite(metrics)]

    assert values.shape == (22, 4_600)
    assert np.array_equal(known, np.floor(known))
    assert known.min() >= 1
    assert np.nanmax(metrics[METRICS.index("Spotify Popularity")]) <= 100


def test_likes_never_exceed_views() -> None:
    metrics = _observed()[METRICS_FROM:]

    for platform in ("YouTube", "TikTok"):
        likes, views = (metrics[METRICS.index(f"{platform} {what}")] for what in ("Likes", "Views"))
        assert np.array_equal(np.isnan(likes), np.isnan(views))
        assert np.all(likes[np.isfinite(likes)] <= views[np.isfinite(likes)])


def test_ranks_run_without_a_gap_and_score_falls_with_them() -> None:
    ranks, scores = _observed()[:2]
    order = np.argsort(ranks)

    assert ranks[order].tolist() == list(range(1, 4_601))
    assert np.all(np.diff(scores[order]) <= 0)


def test_score_follows_the_fitted_power_law() -> None:
    ranks = np.array([1.0, 460.0, 2_300.0, 4_600.0])

    assert score_of_rank(ranks, 4_600) == pytest.approx([725.4, 71.0, 29.8, 19.4], abs=0.15)
    # A larger table goes on above the largest real score.
    assert score_of_rank(np.array([1.0]), 46_000)[0] == pytest.approx(725.4 * 10**0.35, rel=0.01)


def test_one_track_is_a_table() -> None:
    assert _observed(1)[0].tolist() == [1.0]


@pytest.mark.real_data
@pytest.mark.parametrize("header", METRICS)
def test_a_metric_looks_like_the_real_one(header: str) -> None:
    row = NUMBERS.index(header)
    real, simulated = _real_values(), _observed(20_000)
    known, drawn = (each[row][np.isfinite(each[row])] for each in (real, simulated))
    gaps = np.quantile(np.log(drawn), QUANTILES) - np.quantile(np.log(known), QUANTILES)

    assert np.isnan(simulated[row]).mean() == pytest.approx(np.isnan(real[row]).mean(), abs=0.02)
    assert np.all(np.abs(gaps) < 0.3 * np.log(known).std())
    assert _spearman(simulated[row], simulated[1]) == pytest.approx(
        _spearman(real[row], real[1]), abs=0.15
    )


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Spotify Streams", "Shazam Counts"),
        ("Spotify Streams", "YouTube Views"),
        ("TikTok Posts", "TikTok Views"),
        ("AirPlay Spins", "Apple Music Playlist Count"),
        ("Pandora Streams", "Pandora Track Stations"),
        ("Deezer Playlist Reach", "Amazon Playlist Count"),
    ],
)
def test_metrics_go_together_like_the_real_ones(first: str, second: str) -> None:
    rows = NUMBERS.index(first), NUMBERS.index(second)
    real, simulated = _real_values(), _observed(20_000)

    assert _spearman(*simulated[[*rows]]) == pytest.approx(_spearman(*real[[*rows]]), abs=0.12)


def test_the_first_week_has_recent_releases_and_old_ones() -> None:
    panel = first_panel(World(3, 4_600), Regime())
    years = [dt.date.fromordinal(int(day)).year for day in panel.releases]

    assert max(years) >= 2023
    assert min(years) < 2012


def test_december_songs_come_back_in_december() -> None:
    world = World(3, 1_500)
    panel = first_panel(world, Regime())
    medians: dict[int, float] = {}
    for week in range(2, 52):
        panel = next_panel(world, panel, week, Regime())
        if week in {25, 51}:
            ranks = observe(world, panel, week)[0]
            medians[week] = float(np.median(ranks[world.is_holiday(panel.serials)]))

    assert medians[51] < medians[25] / 2
