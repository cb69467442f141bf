"""Train a network as it is shipped, in a process of its own: ``python -m … <folder>``."""

import sys
from pathlib import Path

import numpy as np
import polars as pl

from songpop.model.architecture import read_keras
from songpop.model.artefact import read_keras_file, save_artefact
from songpop.model.train import train_network
from songpop.settings import TrainingSettings
from tests.songpop.model.builders import make_blocks, make_features, make_labels

ROWS_COUNT, WEEKS_COUNT = 1_200, 12
SETTINGS = TrainingSettings(max_epochs=6, learning_rate=0.0001, slower_rates=(0.01,))
"""What is shipped (four hidden layers, a grid, soft targets, a teacher), but for few epochs, in
which a slow rate learns nothing: the rates change places, so that what the teacher said is chosen
and stands in the weights."""


def make_rows() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return features and labels, with the margins from which soft targets are made."""
    features = make_features(ROWS_COUNT, weeks=WEEKS_COUNT)
    labels = make_labels(features)
    return features, labels.with_columns((pl.col("outcome_percentile") - 0.5).alias("margin"))


def main(folder: Path) -> None:
    """Write the artefact, and what Keras itself says of every row, to *folder*."""
    features, labels = make_rows()
    candidate = train_network(features, labels, make_blocks(ROWS_COUNT), SETTINGS)
    sha256 = save_artefact(candidate, folder / "model")
    network = read_keras(read_keras_file(folder / "model", sha256))
    np.save(folder / "keras.npy", network(candidate.inputs.transform(features)).numpy()[:, 0])
    print(sha256)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main(Path(sys.argv[1]))
