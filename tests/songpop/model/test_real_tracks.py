"""The whole package on the published table: what the design knows to work must keep working."""

import datetime as dt
import io

import numpy as np
import polars as pl
import pytest

from songpop.model.blocks import Blocks
from songpop.model.train import train_logistic, train_network
from songpop.settings import TrainingSettings
from tests.real_data import real_data

SNAPSHOT_WEEK = dt.date(2024, 6, 15)
NO_COUNTS = {
    *("Track", "Album Name", "Artist", "Release Date", "ISRC", "All Time Rank", "Track Score"),
    *("Explicit Track", "TIDAL Popularity"),
}


def read_tracks() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return logs and rates of every count, and the snapshot label, of the published table."""
    path = real_data("chartmetric_2024/top_songs.csv")
    text = path.read_bytes().decode("latin-1").encode()
    table = pl.read_csv(io.BytesIO(text), infer_schema_length=0)
    counts = [name for name in table.columns if name not in NO_COUNTS]
    age = (pl.lit(SNAPSHOT_WEEK) - pl.col("Release Date").str.to_date("%m/%d/%Y")).dt.total_days()
    log_age = age.log().alias("age_days__log")
    logs = [
        pl.col(name).str.replace_all(",", "").cast(pl.Float64).log1p().alias(f"{name}__log")
        for name in counts
    ]
    rates = [(log - log_age).alias(f"{name}__rate") for name, log in zip(counts, logs, strict=True)]
    keys = [pl.lit("x").alias("feed"), pl.lit(SNAPSHOT_WEEK).alias("week"), pl.col("ISRC")]
    features = table.select(*keys, log_age, *logs, *rates).rename({"ISRC": "track_id"})
    score = table["Track Score"].cast(pl.Float64)
    percentile = (score.rank() - 1) / (score.len() - 1)
    labels = pl.DataFrame({"is_high": score > score.median(), "outcome_percentile": percentile})
    return features, labels


@pytest.mark.real_data
@pytest.mark.slow
def test_the_network_beats_the_logistic_model_on_real_tracks_by_far() -> None:
    features, labels = read_tracks()
    order = np.random.default_rng(42).permutation(features.height)
    blocks = Blocks(*np.split(order, [2_600, 3_150, 3_700]))
    settings = TrainingSettings(l2_grid=(0.001,))
    network = train_network(features, labels, blocks, settings).metrics.test
    logistic = train_logistic(features, labels, blocks, settings).metrics.test

    assert network is not None
    assert logistic is not None
    assert network.auc is not None
    assert network.auc > 0.975
    assert network.log_loss < 0.7 * logistic.log_loss
    assert network.interval_width < logistic.interval_width
    assert network.interval_coverage > 0.75
