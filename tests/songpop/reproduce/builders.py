"""Small tables, plans and reproductions, seeded."""

import csv
import datetime as dt
import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from songpop.evaluate.clusters import Difference
from songpop.formats.registry import load_formats
from songpop.model.evaluation import EpochLosses
from songpop.reproduce.choice import Choice, Trial
from songpop.reproduce.headline import Comparison, FoldedModel, Headline
from songpop.reproduce.measure import mean_measures, measure, spread_measures
from songpop.reproduce.plan import MODELS, BoostingGrid, ReproducePlan
from songpop.reproduce.read import ExportRows, read_rows
from songpop.reproduce.residuals import analyse_residuals
from songpop.reproduce.run import ModelResult, Reproduction
from songpop.reproduce.tracks import FEATURE_SETS, Tracks, make_tracks
from songpop.settings import IngestSettings, TrainingSettings

FORMATS = load_formats()
HEADER = [column.headers[0] for column in FORMATS["chartmetric"].columns]
ROWS_COUNT = 300


def make_records(rows: int = ROWS_COUNT, seed: int = 1) -> list[dict[str, str]]:
    """Return tracks by header; Track Score follows streams per day, with noise."""
    rng = np.random.default_rng(seed)
    age = rng.integers(1, 3_000, rows)
    rate = rng.normal(8, 1.5, rows)
    streams = np.exp(rate) * age
    shazams = np.exp(rate - 3 + rng.normal(0, 0.5, rows))
    score = np.sort(20 + 5 * np.exp(0.4 * (rate - 8) + rng.normal(0, 0.2, rows)))[::-1]
    order = np.argsort(-(rate + rng.normal(0, 1.0, rows)))
    newest = dt.date(2024, 6, 14)
    return [
        {
            "Track": f"Song {place}",
            "Artist": f"Artist {row % 90}",
            "Release Date": f"{newest - dt.timedelta(days=int(age[row] - age.min())):%m/%d/%Y}",
            "ISRC": f"US{row:010d}",
            "All Time Rank": str(place + 1),
            "Track Score": f"{score[place]:.1f}",
            "Spotify Streams": f"{int(streams[row]):,}",
            "Shazam Counts": "" if row % 7 == 0 else f"{int(shazams[row]):,}",
            "Explicit Track": str(row % 3 // 2),
        }
        for place, row in enumerate(order)
    ]


def write_records(path: Path, records: list[dict[str, str]]) -> Path:
    """Write an export of *records* and return its path."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    path.write_bytes(text.getvalue().encode())
    return path


def read_records(folder: Path, records: list[dict[str, str]]) -> ExportRows:
    """Write *records* and read them back."""
    path = write_records(folder / "tracks.csv", records)
    return read_rows(path, FORMATS, IngestSettings())


def make_small_tracks(folder: Path) -> Tracks:
    """Return 300 tracks of 90 artists."""
    return make_tracks(read_records(folder, make_records()), None)


def tiny_plan(**overrides: object) -> ReproducePlan:
    """Return a plan that is done in seconds, in this process."""
    network = TrainingSettings(
        hidden_units=(8, 4), max_epochs=4, halve_every_epochs=2, batch_rows=32
    )
    chosen: dict[str, object] = {
        "network": network,
        "l1_grid": (0.0001, 0.001),
        "l2_grid": (0.001, 0.01),
        "members_grid": (1, 2),
        "inverse_strengths": (0.03, 0.3),
        "boosting": BoostingGrid(leaves=(4,), features_shares=(0.5,), trees=(5, 10)),
        "seeds_count": 2,
        "inner_folds_count": 2,
        "artist_folds_count": 2,
        "softness_grid": (0.0, 0.1),
        "draws_count": 100,
        "workers_count": 1,
        **overrides,
    }
    return ReproducePlan.model_validate(chosen)


def make_scores(y: NDArray[np.bool_], noise: float = 1.0, seed: int = 5) -> NDArray[np.float64]:
    """Return probabilities that agree with *y* more often than not."""
    rng = np.random.default_rng(seed)
    return 1 / (1 + np.exp(-(4.0 * y - 2 + noise * rng.normal(0, 1.5, y.size))))


def make_choice(model: str) -> Choice:
    """Return an invented choice, with the settings that the model has."""
    if model in {"logistic", "boosting"}:
        trials = (Trial({"C": 0.03}, 0.21), Trial({"C": 0.3}, 0.2))
        return Choice(trials[1].setting, trials, False, 0.2, 0.21)  # noqa: FBT003 - as declared
    trials = tuple(
        Trial(
            {"lambda": strength, "softness": 0.0, "epochs": epochs, "members": 1.0},
            0.3 - epochs / 1_000,
        )
        for strength in (0.001, 0.01)
        for epochs in (20.0, 60.0)
    )
    curve = tuple(EpochLosses(fit=0.6 - n / 100, judge=0.5 - n / 200) for n in range(5))
    return Choice(trials[1].setting, trials, True, 0.24, 0.23, curve)  # noqa: FBT003 - as declared


def make_reproduction(folder: Path) -> Reproduction:
    """Return invented figures of a small table, complete in every part."""
    tracks = make_small_tracks(folder)
    test_y = tracks.y[::5]  # the file is sorted by score
    results: list[ModelResult] = []
    for features in FEATURE_SETS:
        for place, model in enumerate(MODELS):
            noise = 0.5 if features == "with_track_score" else 1.0
            scores = np.stack([make_scores(test_y, noise, 10 * place + n) for n in range(2)])
            several = [measure(test_y, p) for p in scores]
            mean, spread = mean_measures(several), spread_measures(several)
            results.append(ModelResult(features, model, mean, spread, make_choice(model), scores))
    scores = make_scores(tracks.y)
    whole = measure(tracks.y, scores)
    names = ("l2", "boosting", "logistic")
    folded = tuple(
        FoldedModel(name, whole, (whole, whole), (make_choice(name),), scores) for name in names
    )
    difference = Difference(mean=-0.012, low=-0.02, high=-0.004)
    comparisons = tuple(Comparison(name, difference, difference) for name in names[1:])
    return Reproduction(
        file_name=tracks.name,
        week=tracks.week,
        rows_counts={"rows": 300, "fit": 240, "test": 60, "test_high": 30, "left_out": 0},
        results=tuple(results),
        test_y=test_y,
        headline=Headline(folded, comparisons, scores),
        residuals=analyse_residuals(tracks, scores),
        plan=tiny_plan(),
    )
