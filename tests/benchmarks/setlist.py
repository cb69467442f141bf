"""Set lists against what was played: the truth is read here alone, and nothing is fitted to it."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.evaluate.clusters import expanded_tail
from songpop.model.metrics import auc
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import run_query
from tests.commands import songpop
from tests.real_data import ROOT

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Figure = Callable[[Bools, Floats], float]

TRUTH: Final = ROOT / "setlists" / "setlist_truth.csv"
SNAPSHOT: Final = ROOT / "chartmetric_2024" / "top_songs.csv"
DRAWS_COUNT: Final = 10_000
_SEED: Final = 2024
_PLAYED: Final = 0.5
"""Share of a tour's complete shows from which on a song counts as played."""
_LEFT_OUT: Final = ("Don Toliver", "Beyonc")
"""Artists with lists that the truth's own provenance does not count among its 25."""
_SIX: Final = {
    "streams": "spotify_streams_count",
    "popularity": "spotify_popularity_index",
    "views": "youtube_views_count",
    "tiktok": "tiktok_views_count",
    "radio": "airplay_spins_count",
    "shazams": "shazam_count",
}
RANKINGS: Final = {
    "ours": "songpop's set list",
    "streams": "Spotify streams",
    "popularity": "Spotify popularity",
    "six": "mean place by six metrics",
}
_TRACKS: Final = """
    select tracks.track_id as isrc, tracks.artist_name, tracks.song_key, songs.tour_score as ours,
        songs.role, metrics.* exclude (feed, week, track_id, line)
    from mart.artist_songs as tracks
    inner join mart.tour_candidates as songs using (feed, artist_name, song_key)
    inner join mart.current_metrics as metrics
        on tracks.feed = metrics.feed and tracks.track_id = metrics.track_id
"""


@dataclass(frozen=True)
class Interval:
    """A mean over artists with its 95 % interval, whole artists drawn with replacement."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """As the tables have it."""
        return f"{self.mean:.3f} ({self.low:.3f} to {self.high:.3f})"


def compare_setlist(folder: Path) -> list[str]:
    """Return the tables; *folder* gets a warehouse of the snapshot."""
    songs = read_songs(score_snapshot(folder))
    few, all_artists = choose_artists(songs, 3), choose_artists(songs, 1)
    later = [name for name in all_artists if name in set(_touring_later(songs))]
    return [
        *_compare(songs, few, "artists with at least 3 played and 3 unplayed songs"),
        *_compare(songs, all_artists, "artists with both"),
        *_compare(songs, later, "of these artists, tours after the snapshot alone"),
        *_roles(songs, all_artists),
    ]


def score_snapshot(folder: Path) -> WarehousePaths:
    """Run the pipeline on the published snapshot in *folder*.

    Raises:
        RuntimeError: the run failed.
    """
    landing = folder / "warehouse" / "landing"
    landing.mkdir(parents=True)
    shutil.copyfile(SNAPSHOT, landing / "chartmetric-2024-06-15.csv")
    done = songpop(folder, "run")
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return WarehousePaths(folder / "warehouse")


def read_songs(paths: WarehousePaths) -> pl.DataFrame:
    """Return one row per song that has a label: artist, is_played, tour_timing, each ranking.

    Tracks are matched by ISRC, and a song of the truth has the best of its tracks, since versions
    carry its label. Lists presented as complete (grade A) alone are read.
    """
    tracks = run_query(paths, _TRACKS)
    places = [
        (pl.col(column).rank() / pl.col(column).count()).over("artist_name").fill_null(0)
        for column in _SIX.values()
    ]
    tracks = tracks.with_columns(
        streams=pl.col(_SIX["streams"]),
        popularity=pl.col(_SIX["popularity"]),
        six=pl.mean_horizontal(places),
    )
    truth = pl.read_csv(TRUTH).filter(pl.col("grade") == "A", pl.col("played").is_not_null())
    joined = truth.join(tracks, on="isrc", how="left")
    lowest = [pl.col(name).max().fill_null(-1).cast(pl.Float64) for name in RANKINGS]
    return joined.group_by("artist", "song_key", maintain_order=True).agg(
        (pl.col("played").max() >= _PLAYED).alias("is_played"),
        pl.col("tour_timing").first(),
        pl.col("role").sort_by("ours", descending=True, nulls_last=True).first(),
        *lowest,
    )


def choose_artists(songs: pl.DataFrame, fewest: int) -> list[str]:
    """Return the artists with at least *fewest* played and as many unplayed songs, by name."""
    counts = songs.group_by("artist").agg(
        played=pl.col("is_played").sum(), unplayed=(~pl.col("is_played")).sum()
    )
    chosen = counts.filter(pl.min_horizontal("played", "unplayed") >= fewest)["artist"]
    return sorted(name for name in chosen if not name.startswith(_LEFT_OUT))


def recall_at_length(y: Bools, values: Floats) -> float:
    """Return the share of the played songs among as many first places; ties count in part."""
    length = int(y.sum())
    last = np.sort(values)[::-1][length - 1]
    above, level = values > last, values == last
    found = (y & above).sum() + (y & level).sum() * (length - above.sum()) / level.sum()
    return float(found / length)


def area(y: Bools, values: Floats) -> float:
    """Return the area under the ROC curve within one artist, who has songs of both kinds."""
    found = auc(y, values)
    return float("nan") if found is None else found


def by_artist(songs: pl.DataFrame, artists: Sequence[str], figure: Figure, ranking: str) -> Floats:
    """Return the figure of a ranking for each of the artists."""
    parts = songs.partition_by("artist", as_dict=True)
    chosen = [parts[(name,)] for name in artists]
    return np.array(
        [figure(one["is_played"].to_numpy(), one[ranking].to_numpy()) for one in chosen]
    )


def interval_of(values: Floats) -> Interval:
    """Return the mean over artists with the percentiles of its bootstrap, expanded for few."""
    rng = np.random.default_rng(_SEED)
    drawn = values[rng.integers(0, values.size, (DRAWS_COUNT, values.size))].mean(axis=1)
    tail = expanded_tail(values.size)
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(float(values.mean()), float(low), float(high))


def _compare(songs: pl.DataFrame, artists: Sequence[str], title: str) -> list[str]:
    figures: Mapping[str, Figure] = {"AUC": area, "recall": recall_at_length}
    found = {
        (name, ranking): by_artist(songs, artists, figure, ranking)
        for name, figure in figures.items()
        for ranking in RANKINGS
    }
    rows = songs.filter(pl.col("artist").is_in(artists))
    lines = [
        f"**{len(artists)} {title}** ({rows.height} songs, {rows['is_played'].sum()} played)",
        "",
        "| ranked by | AUC | songpop's less it | recall | songpop's less it |",
        "|---|---|---|---|---|",
    ]
    for ranking, words in RANKINGS.items():
        cells = []
        for name in figures:
            gap = found[name, "ours"] - found[name, ranking]
            less = "" if ranking == "ours" else str(interval_of(gap))
            cells += [str(interval_of(found[name, ranking])), less]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return [*lines, ""]


def _touring_later(songs: pl.DataFrame) -> list[str]:
    return songs.filter(pl.col("tour_timing") == "post")["artist"].unique().to_list()


def _roles(songs: pl.DataFrame, artists: Sequence[str]) -> list[str]:
    rows = songs.filter(pl.col("artist").is_in(artists))
    lines = [f"Played of each role, {len(artists)} artists:", "", "| role | played |", "|---|---|"]
    for role in ("anthem", "riser", "deep cut", "do not play yet"):
        chosen = rows.filter(pl.col("role") == role)
        if chosen.height:
            shares = chosen.group_by("artist").agg(pl.len(), pl.col("is_played").sum())
            lines.append(f"| {role} | {_share(shares)} |")
    lost = rows.filter(pl.col("ours") < 0).height
    return [*lines, "", f"Songs that could not be placed, ranked last: {lost}."]


def _share(shares: pl.DataFrame) -> str:
    """Return a share over all songs, whole artists drawn."""
    played, total = (shares[name].to_numpy() for name in ("is_played", "len"))
    rng = np.random.default_rng(_SEED)
    picks = rng.integers(0, total.size, (DRAWS_COUNT, total.size))
    drawn = played[picks].sum(axis=1) / total[picks].sum(axis=1)
    tail = expanded_tail(total.size)
    low, high = (100 * edge for edge in np.quantile(drawn, [tail, 1 - tail]))
    percent = 100 * played.sum() / total.sum()
    return f"{percent:.0f} % ({low:.0f} to {high:.0f}; {played.sum()}/{total.sum()})"
